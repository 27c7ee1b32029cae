"""Data and fine-tuning of the learned parts of privacy: the tagger and the gate of logit fusion."""
