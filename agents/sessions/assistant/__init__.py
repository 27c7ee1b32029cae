"""The assistant: a gateway that any OpenAI client can talk to, and a chat in the terminal."""
