"""How every learned part is made: data, teachers, fine-tuning, evaluation."""
