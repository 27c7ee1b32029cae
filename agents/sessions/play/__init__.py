"""People cooking with agents, and with each other, in a browser.

`room` is a game: a kitchen on the wall clock with seats for people and agents; it knows no socket. `protocol` says
what a page and the server tell each other. `lobby` keeps the rooms, `server` serves them, `page/` is the client.
`study` runs experiments with them.
"""
