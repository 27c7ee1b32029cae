"""The decomposer's training: supervised start, rejection sampling, policy gradient."""
