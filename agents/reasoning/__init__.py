"""Reasoning: programs whose gaps a language model fills (`lmulator`), and which way to answer a question (`solve`)."""
