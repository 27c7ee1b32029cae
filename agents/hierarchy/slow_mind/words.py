"""The words of a kitchen: what the lexicon knows, as data."""

from __future__ import annotations

from brigade.agents.hierarchy.executor import Verb
from brigade.envs.kitchen.hla.items import LETTUCE, ONION, TOMATO
from brigade.envs.kitchen.hla.recipes import RECIPES

FOODS = {"tomato": TOMATO, "tom": TOMATO, "lettuce": LETTUCE, "salad": LETTUCE, "onion": ONION}
SOUPS = {recipe.name.lower(): recipe.foods for recipe in RECIPES}

VERBS = {
    word: verb
    for verb, words in {
        Verb.CHOP: "chop cut slice dice mince",
        Verb.PREPARE: "prepare prep assemble combine mix gather",
        Verb.COOK: "cook boil brew simmer make heat",
        Verb.PLATE: "plate dish scoop ladle",
        Verb.SERVE: "serve deliver send bring",
        Verb.PUTOUT: "extinguish putout douse",
        Verb.DROP: "drop bin trash discard throw toss dump",
    }.items()
    for word in words.split()
}

COUNTS = {
    **dict.fromkeys(["a", "an", "the", "one", "another", "once", "single", "that", "this"], 1),
    **dict.fromkeys(["two", "twice", "couple", "pair"], 2),
    **dict.fromkeys(["three", "thrice"], 3),
    **{w: n for n, w in enumerate(["four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 4)},
}
ARTICLES = frozenset(["a", "an", "the", "that", "this"])
"""Counts that a number before them outranks: "two of the tomatoes"."""

STANDING = frozenset(["keep", "always", "constantly", "continuously", "forever", "whenever", "continue", "focus"])
STOP = frozenset(["stop", "quit", "cease", "dont", "never", "avoid", "enough"])
CORRECTION = frozenset(
    ["no", "nope", "wait", "actually", "mean", "meant", "rather", "instead", "sorry", "scratch", "correction"]
)
AGAIN = "again"
EVERYTHING = "cancelall"

CHATTER = frozenset(
    [
        "nice",
        "good",
        "great",
        "job",
        "work",
        "well",
        "thanks",
        "thank",
        "thx",
        "ty",
        "cool",
        "awesome",
        "lol",
        "haha",
        "yes",
        "yeah",
        "yep",
        "sure",
        "fine",
        "hello",
        "hi",
        "hey",
        "bye",
        "wow",
        "oops",
        "love",
        "fun",
        "you're",
        "we're",
        "team",
        "teamwork",
        "best",
        "doing",
        "amazing",
        "perfect",
        "cheers",
        "gg",
        "you",
        "we",
        "the",
        "a",
        "so",
        "very",
        "much",
        "are",
        "is",
        "this",
        "game",
        "morning",
        "evening",
        "there",
        "everyone",
        "partner",
        "buddy",
        "chef",
        "ok",
        "okay",
    ]
)
FILLER = frozenset(
    [
        "please",
        "pls",
        "plz",
        "can",
        "could",
        "would",
        "will",
        "you",
        "u",
        "we",
        "us",
        "me",
        "my",
        "our",
        "your",
        "for",
        "to",
        "of",
        "and",
        "then",
        "now",
        "next",
        "also",
        "just",
        "go",
        "ahead",
        "do",
        "some",
        "it",
        "is",
        "are",
        "be",
        "get",
        "got",
        "need",
        "want",
        "wanna",
        "like",
        "help",
        "ok",
        "okay",
        "hey",
        "hi",
        "hello",
        "thanks",
        "thank",
        "so",
        "up",
        "with",
        "on",
        "in",
        "at",
        "there",
        "here",
        "more",
        "those",
        "these",
        "them",
        "soup",
        "soups",
        "ingredient",
        "ingredients",
        "veggies",
        "vegetable",
        "vegetables",
        "food",
        "quickly",
        "fast",
        "asap",
        "first",
        "after",
        "let",
        "us",
        "gonna",
        "going",
        "should",
        "must",
        "have",
        "has",
        "buddy",
        "mate",
        "friend",
        "chef",
        "partner",
        "too",
        "time",
        "times",
        "let's",
        "you're",
        "right",
        "away",
        "immediately",
        "soon",
        "thing",
        "things",
        "pot",
        "pots",
        "board",
        "order",
        "orders",
        "ready",
        "done",
        "piece",
        "pieces",
        "fresh",
        "chopped",
        "cooked",
        "plated",
        "quick",
        "hurry",
        "kindly",
        "maybe",
        "by",
        "any",
        "chance",
        "mind",
        "start",
        "starting",
        "off",
        "out",
        "down",
        "burnt",
        "burned",
        "charred",
        "i'd",
        "yeah",
        "from",
        "into",
        "onto",
    ]
)
MYSELF = frozenset(["i'll", "i'm", "i've", "i"])
"""Who talks of what they do themselves is not asking for it: left to a model."""

PHRASES = (
    (r"put (?:out|off) (?:the |that |this )?(?:fire|flames?)|put (?:that|the) fire out|kill the fire", "putout"),
    (r"put ([\w' ]+?) (?:on|onto) (?:a |the )?(?:plate|dish)s?", r"plate \1"),
    (r"put ([\w' ]+?) (?:in|into|on) (?:a |the )?(?:pot|stove|boil)s?", r"cook \1"),
    (r"take ([\w' ]+?) out of (?:a |the )?pot", r"plate \1"),
    (r"(?:get|start) ([\w' ]+?) (?:cooking|going|started|on the stove|on)\b", r"cook \1"),
    (r"get rid of|(?:throw|toss) (?:away|out)", "drop"),
    (r"hand in|hand over|send out|bring out", "serve"),
    (r"make (?:that|it)(?= \w+ *$)", "no"),
    (r"put together|get together", "prepare"),
    (r"(?:all three|all 3) (?:ingredients?|veggies|vegetables|foods?)", "david"),
    (r"half (?:a )?dozen", "6"),
    (r"(?:a )?dozen", "12"),
    (r"(?:a )?(?:couple|pair)(?: of)?", "2"),
    (r"one more|another one|one another", "another"),
    (r"do it again|(?:the )?same(?: thing)? again|once more|one more time|again please", AGAIN),
    (r"non[- ]?stop|all the time|all game|the whole time|from now on|until (?:i|further|we)\b.*", "always"),
    (r"(?:don'?t|do not|never) stop|keep on", "keep"),
    (r"no more(?! \w*(?:chopped|cut|left))", "stop"),
    (r"never ?mind|forget (?:it|that|about it|everything|all that)|cancel(?: (?:it|that|everything|all))?", EVERYTHING),
    (r"stop (?:it|that|everything|what you(?:'re| are) doing|all of it)", EVERYTHING),
)
"""Regular expression -> the words that it stands for."""

QUESTION_START = (
    r"^(what|which|who|where|when|why|how|is|are|do|does|did|have|has|should|shall|may|am|was|were)\b"
    r"|^(can|could|would|will) (i|we|they|he|she)\b|^tell me|^(can|could) you tell"
)
ABOUT_ORDERS = r"\b(orders?|ordered|tickets?|customers? want|customers? waiting|menu|next to serve|on the list)\b"
FIRE = r"\b(fire|flames?|smoke|smoking|burning down)\b"
SHORT_OF = (
    r"\b(out of|running (low|out)|low on|short (of|on)|run out|need more|no more|not enough|no \w*\s?(chopped|cut)"
    r"|aren'?t any|isn'?t any|don'?t have)\b"
)
SPOILT = r"\b(charred|burnt|burned|ruined)\b"
EXPIRING = r"\b(expir\w*|time ?out|timing out|run(ning|s)? out of time|deadline|late|waiting|in a hurry)\b"
DONE_COOKING = r"\b(burn\w*|char\w*|overcook\w*|ready|done|finished|cooked|boiling over)\b"
