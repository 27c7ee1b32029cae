"""A student that learns from lessons: it answers, a teacher explains its failures, and only what helps is kept.

Source: NesyCD (arXiv 2409.13203): general ability in a small model, specialised knowledge in a symbolic base. Where we
differ: lessons are typed and say where they come from; one is kept only if it turns held-out sibling questions right
and none wrong; its uses, wins and losses are counted; facts are induced from solved examples without any model; and the
gate that decides whether to look anything up sees the question.
"""
