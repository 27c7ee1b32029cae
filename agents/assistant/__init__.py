"""What becomes of one request to the assistant: redacted, decided, answered by a route, accounted for."""
