"""Comparing agents: whole episodes with several partners on several kitchens, and demands spoken by a commander.

The work of `brigade bench hla`: `plan` says what to compare, `contestants` who, `work` carries it out in processes and
keeps what is done, `demands` are the messages and `judge` says whether they were fulfilled, `figures`, `tables` and
`plots` show what came of it.
"""
