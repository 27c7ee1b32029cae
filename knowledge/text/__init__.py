"""The readable form: one file per topic, which people edit and version control shows well; out, and back in exactly."""
