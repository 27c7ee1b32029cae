"""The measurements of `brigade bench code`: accuracy by variant, calls of a second run, overhead beside a peer."""
