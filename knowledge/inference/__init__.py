"""What follows from what is known: forward chaining that keeps up with every change, and explains itself."""
