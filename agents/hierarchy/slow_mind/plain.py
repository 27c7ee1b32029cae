"""Plain sentences for what a reply must say: several ways to say the same, picked by the session's seed.

A sentence never promises more than its facts. Knows no state.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

ACCEPT = ("Sure, I'll {act}.", "Okay, I'll {act}.", "Will do: I'll {act}.", "Got it, I'll {act}.", "On it, I'll {act}.")
WAIT = (
    "I'll {act} as soon as I can: {why}.",
    "I'll {act} once that works: {why}.",
    "I have to wait before I {act}: {why}.",
)
REFUSE = ("Sorry, I can't {act}: {why}.", "I can't {act}, sorry: {why}.", "I'm afraid I can't {act}: {why}.")
HABIT = ("Okay, from now on I {act}.", "Got it, I'll keep {acting}.", "Sure, I'll keep {acting} until you say stop.")
LIMIT = ("There is time for about {n}.", "I think there is time for {n}.")
STOP = ("Okay, I stop.", "All right, stopping.", "Okay, stopped.")
STOP_THAT = ("Okay, I stop that.", "All right, that stops.", "Okay, I drop that.")
THANKS = ("You're welcome!", "Any time!", "My pleasure!")
GREETING = ("Hi there!", "Hello, partner!", "Hey, good to have you here!")
PRAISE = ("Thanks, you too!", "We make a good team!", "Thank you!")
FAREWELL = ("Bye, that was fun!", "See you!", "Good cooking with you!")
CHATTER = ("Good to have you here!", "I'm listening.", "Just tell me what you need.")
PUZZLED = (
    "Sorry, I didn't get that. You could say: chop two onions.",
    "I don't follow, sorry. You could ask me about the orders.",
    "Sorry, I'm not sure what you mean. Say it another way?",
)
BLOCKED = (
    "I want to {act}, but the way is blocked. Can you make some room?",
    "I can't get through to {act}. Could you step aside?",
)
DONE = ("Done: {what}.", "Done: {what}!", "Done, {what}.")
GIVEN_UP = ("I drop that, I can't {act} any more: {why}.", "I can't {act} any more: {why}.")


def pick(lines: Sequence[str], *seeds: object) -> str:
    """One of these lines, the same one for the same seeds."""
    digest = blake2b("\0".join(map(str, seeds)).encode("utf-8", "replace"), digest_size=4).digest()
    return lines[int.from_bytes(digest, "big") % len(lines)]
