"""The Fast Mind's training: a teacher that searches, the moments it labels, and what the trained model is worth."""
