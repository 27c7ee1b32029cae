"""The words of a kitchen: what the lexicon knows, as data."""

from __future__ import annotations

from brigade.agents.hierarchy.executor import Verb
from brigade.envs.kitchen.hla.items import LETTUCE, ONION, TOMATO
from brigade.envs.kitchen.hla.recipes import RECIPES

FOODS = {
    **dict.fromkeys(["tomato", "tom", "tommy"], TOMATO),
    **dict.fromkeys(["lettuce", "salad"], LETTUCE),
    "onion": ONION,
}
SOUPS = {recipe.name.lower(): recipe.foods for recipe in RECIPES}
SOUP_OF = {
    frozenset(bit for bit in (TOMATO, LETTUCE, ONION) if recipe.foods & bit): recipe.name.lower() for recipe in RECIPES
}
"""The name of the soup of these foods."""

VERBS = {
    word: verb
    for verb, words in {
        Verb.CHOP: "chop cut slice dice mince cube",
        Verb.PREPARE: "prepare prep assemble combine mix gather",
        Verb.COOK: "cook boil brew simmer make heat",
        Verb.PLATE: "plate dish scoop ladle spoon",
        Verb.SERVE: "serve deliver send bring dispatch",
        Verb.PUTOUT: "extinguish putout douse quench",
        Verb.DROP: "drop bin trash discard throw toss dump scrap",
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

KEEP, ALWAYS, STOP_WORD, AGAIN, EVERYTHING = "keep", "always", "stop", "again", "cancelall"
"""What the phrases below are put down to."""
STANDING = frozenset([KEEP, ALWAYS, "constantly", "continuously", "forever", "whenever", "continue", "focus"])
STOP = frozenset([STOP_WORD, "quit", "cease", "dont", "never", "avoid", "enough"])
CORRECTION = frozenset(
    ["no", "nope", "wait", "actually", "mean", "meant", "rather", "instead", "sorry", "scratch", "correction", "oops"]
)
IT = frozenset(["it", "them", "those", "these"])

CHATTER = frozenset(
    [
        *("nice", "good", "great", "job", "work", "well", "thanks", "thank", "thx", "ty", "cool", "awesome", "lol"),
        *("haha", "yes", "yeah", "yep", "sure", "fine", "hello", "hi", "hey", "bye", "wow", "oops", "love", "fun"),
        *("you're", "we're", "team", "teamwork", "best", "doing", "amazing", "perfect", "cheers", "gg", "you", "we"),
        *("the", "a", "so", "very", "much", "are", "is", "this", "game", "morning", "evening", "there", "everyone"),
        *("partner", "buddy", "chef", "ok", "okay", "nope", "alright", "hm", "hmm", "um", "uh", "excellent", "super"),
        *("hahaha", "hehe", "xd", "omg", "ugh", "goodbye", "mate", "dude", "man", "friend", "right", "exactly"),
        *("no", "problem", "worries", "welcome", "understood", "lovely"),
    ]
)
FILLER = frozenset(
    [
        *("please", "pls", "plz", "kindly", "can", "could", "would", "will", "you", "u", "we", "us", "me", "my", "our"),
        *("your", "for", "to", "of", "and", "then", "now", "next", "also", "just", "go", "ahead", "do", "some", "it"),
        *("is", "are", "be", "get", "got", "need", "want", "wanna", "like", "help", "ok", "okay", "hey", "hi", "hello"),
        *("thanks", "thank", "so", "up", "with", "on", "in", "at", "there", "here", "more", "those", "these", "them"),
        *(
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
        ),
        *("asap", "first", "let", "us", "gonna", "going", "should", "must", "have", "has", "buddy", "mate", "friend"),
        *("chef", "partner", "too", "time", "times", "let's", "you're", "right", "away", "immediately", "soon"),
        *("thing", "things", "pot", "pots", "board", "order", "orders", "ready", "done", "piece", "pieces", "fresh"),
        *("chopped", "cooked", "plated", "quick", "hurry", "maybe", "by", "any", "chance", "mind", "start", "starting"),
        *("off", "out", "down", "burnt", "burned", "charred", "i'd", "yeah", "from", "into", "onto", "plus", "fire"),
        *("fires", "flames", "well", "stuff", "try", "remember", "sure", "exactly", "bowl", "bowls", "fresh", "r"),
    ]
)
ASKING = frozenset(
    [
        *(
            "what",
            "which",
            "who",
            "where",
            "when",
            "why",
            "how",
            "is",
            "are",
            "do",
            "does",
            "did",
            "has",
            "was",
            "were",
        ),
        *("should", "shall", "am", "any", "anyone", "anybody", "anything", "something", "left", "now", "still", "yet"),
        *(
            "customers",
            "customer",
            "guests",
            "current",
            "open",
            "next",
            "first",
            "last",
            "oldest",
            "list",
            "menu",
            "empty",
        ),
        *(
            "long",
            "many",
            "much",
            "until",
            "expire",
            "expires",
            "burn",
            "burns",
            "take",
            "takes",
            "far",
            "know",
            "tell",
        ),
        *("plan", "doing", "status", "extinguisher", "ordered", "holding", "waiting", "on", "free", "already", "again"),
        *("they", "it", "i", "ready", "done", "cooking", "points", "worth", "new", "find", "bins", "time", "served"),
    ]
)
"""Words of questions."""
MYSELF = frozenset(["i'll", "i'm", "i've", "i"])
"""Who talks of what they do themselves is not asking for it: left to a model."""

OTHERS = frozenset(
    [
        *("place", "being", "heart", "late", "cute", "server", "plane", "brand", "makes", "tomb", "union", "service"),
        *("salt", "served", "dishes", "plates", "things", "toes", "serious", "severe", "bowling", "cities", "deserve"),
        *("not", "each", "done", "gone", "served", "with", "still", "nearly", "already", "because", "prepared"),
    ]
)
"""Words that look like one of the kitchen and are none, and those that the reader treats by themselves."""
PARTICIPLES = {
    Verb.CHOP: "chopped",
    Verb.PREPARE: "prepared",
    Verb.COOK: "cooked",
    Verb.PLATE: "plated",
    Verb.SERVE: "served",
    Verb.PUTOUT: "gone",
    Verb.DROP: "gone",
}
"""What becomes of a verb's past form: a state, not a request."""

_PLATES = r"(?:a |the |some )?(?:plate|dish)s?\b"
_POTS = r"(?:a |the |an empty )?(?:pot|stove|boil)s?\b"
_CUT = r"(?:chopped|sliced|diced|cut|minced)(?: up)?(?: up)?"
_THAT = r"(?:it|that|this)"
PHRASES = (
    # said around a request
    (
        r"(?:what are you waiting for|are you blind|(?:just )?don'?t (?:just )?stand (?:there|around)|why are you (?:just )?standing there)[ ,]*",
        "",
    ),
    (
        r"stop (?:standing around|dancing around|wasting time)(?: and)?|quit slacking(?: and)?|wake up(?: and)?",
        "please",
    ),
    (
        r"(?:do me a favou?r|be (?:a dear|so kind))(?: ,)?(?: and)?|it is (?:time|urgent)(?: to)?|your (?:job|next task) is to",
        "please",
    ),
    # fire and burnt food
    (r"put(?:ting)? (?:out|off) (?:(?:the|that|this|those|every|all) )?(?:fires?|flames?|blaze)", "putout"),
    (
        r"put(?:ting)? (?:that|the) fires? out|(?:kill|fight)(?:ing)? (?:(?:the|that|those) )?(?:fires?|flames?)",
        "putout",
    ),
    (
        r"(?:us(?:e|ing)|grab(?:bing)?) the (?:fire )?extinguisher(?: and putout)?|spray(?:ing)? the burning pot",
        "putout",
    ),
    (r"stop(?:ping)? the pot from burning|snuff(?:ing)? out", "putout"),
    (r"get(?:ting)? rid of|(?:throw|toss)(?:ing)? (?:away|out)|(?:clear|clean)(?:ing)? out", "drop"),
    (
        r"clear(?:ing)? the burnt stuff out of the pot|put(?:ting)? the (?:charred|burnt) (?:food|soup) in the bin",
        "drop",
    ),
    # what is done to food
    (rf"(?:bring|give)(?:ing)? (?:me|us) ([\w' ]+?)(?: ,)? (?:all )?{_CUT}(?= *,| *$| and| please| then)", r"chop \1"),
    (rf"(?:get|have)(?:t?ing)? ([\w' ]+?)(?: ,)? {_CUT}(?= *,| *$| and| please| then)", r"chop \1"),
    (r"put(?:ting)? ([\w' ]+?) on the (?:cutting |chopping )?board(?: and \w+ (?:it|them)(?: up)?)?", r"chop \1"),
    (r"(?:grab|tak)(?:e|b?ing)? ([\w' ]+?) and (?:chop|cut|dice|slice)(?:p?t?ing)? (?:it|them)(?: up)?", r"chop \1"),
    (
        r"(?:do|doing) (?=(?:the|a|an|one|two|three|four|five|six|seven|eight|nine|ten|\d+|some) (?:tom|let|on))",
        "chop ",
    ),
    (r"cut(?:ting)? up", "cut"),
    (r"(?:put|throw|toss)(?:t?ing)? ([\w' ]+?) (?:in|into|on) (?:a |the |an empty )?(?:pot|stove)s?\b", r"cook \1"),
    (r"put(?:ting)? ([\w' ]+?) on to boil", r"cook \1"),
    (r"put(?:ting)? ([\w' ]+?) (?:on|onto) (?:a |the |some )?(?:plate|dish)(?:e?s)?\b", r"plate \1"),
    (r"(?:get|tak)(?:e|t?ing)? ([\w' ]+?) (?:out of (?:a |the )?pot|off the (?:stove|heat)|onto a plate)", r"plate \1"),
    (
        r"(?:don'?t|do not|never) let ([\w' ]+?) burn|save ([\w' ]+?) from burning|grab(?:bing)? a plate for",
        r"plate \1\2",
    ),
    (
        r"(?:tak|bring|carry)(?:e|ing)? ([\w' ]+?) to the (?:customers?|counter|delivery|window|guests?|hatch)(?: window| spot)?",
        r"serve \1",
    ),
    (r"(?<=\w) to the (?:customers?|guests?)(?! window)", ""),
    (r"giv(?:e|ing) the customer (?:their|the|a)", "serve the"),
    (r"hand(?:ing)? (?:in|over|out)|send(?:ing)? (?:out|off)|bring(?:ing)? out|serv(?:e|ing) up", "serve"),
    (r"dish(?:ing)? (?:it|that) up|plat(?:e|ing) (?:it|that) up", "plate it"),
    (r"dish(?:ing)? up|plat(?:e|ing) up|scoop(?:ing)? up|spoon(?:ing)? out", "plate"),
    (r"(?:get|put)(?:ting)? ([\w' ]+?) (?:ready|together)\b", r"prepare \1"),
    (r"get(?:ting)? ready|put(?:ting)? together|round(?:ing)? up", "prepare"),
    (r"(?:get|start)(?:ting)? ([\w' ]+?) (?:cooking|going|started|on the stove|on)\b", r"cook \1"),
    (r"start(?:ing)? (?=(?:the|a|an|one|two|three|another|\d) [\w ]*(?:soup|alice|bob|cathy|david))", "cook "),
    (r"mak(?:e|ing) (?:sure|certain)(?: to| you)?", "please"),
    (r"(?:(?<=, )|^)make (?:that|it)\b|make (?:that|it)(?= \w+ *$)", "no"),
    (r"(?:all three|all 3)(?: ingredients?| veggies| vegetables| foods?)?|three.vegetable", "david"),
    (r"i (?:mean|meant)(?: to say)?", "mean"),
    # numbers
    (r"half (?:a )?dozen(?: more)?(?: of)?(?: the)?", "6"),
    (r"(?:a |another )?dozen(?: more)?(?: of)?", "12"),
    (r"(?:a |another )?(?:couple|pair|duo)(?: of| more)*", "2"),
    (r"(?:a )?few", "some"),
    (r"one more|another one|one another", "another"),
    (r"another (?=(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\b)", ""),
    # from now on, again, no more
    (
        r"(?:do|repeat) (?:it|that|the same)(?: thing)? again|(?:the )?same(?: thing)? again|once (?:more|again)|one more time",
        AGAIN,
    ),
    (r"again please|repeat that", AGAIN),
    (
        r"non[- ]?stop|all the time|all game|(?:the|this) whole (?:time|game)|over and over(?: again)?|again and again",
        ALWAYS,
    ),
    (
        r"for the rest of the (?:game|time)|the rest of the time|(?:from now|from here) on|at all times|without a break",
        ALWAYS,
    ),
    (
        r"until (?!\w+ have)(?:i|further|we|the end|you)\b[^,]*|as long as [^,]*|all day|day in day out|permanently",
        ALWAYS,
    ),
    (r"every time|whenever|each time", "whenever"),
    (r"(?:don'?t|do not|never) (?:ever )?(?:stop|quit)|keep on|carry on|(?:focus|concentrate|stay) on|stick to", KEEP),
    (r"(?:you are |you're )?(?:in charge of|responsible for)", KEEP),
    (r"(?:don'?t|do not) (?:do (?:it|that)|bother)(?: any ?more)?(?= *,| *$)|leave (?:it|that)(?= *,| *$)", EVERYTHING),
    (r"(?:you )?(?:don'?t|do not) (?:have|need) to do (?:it|that)(?: any ?more)?|forget what i said", EVERYTHING),
    (r"no more(?! \w*(?:chopped|cut|left))", STOP_WORD),
    (
        r"(?:there is |there )?no need to|(?:you )?needn'?t|(?:you |we )?shouldn'?t|let'?s not|instead of|rather than",
        STOP_WORD,
    ),
    (r"(?:you )?(?:don'?t|do not) (?:need to|have to|bother)|(?:i )?(?:don'?t|do not) want you to", STOP_WORD),
    (r"never ?mind (?=the\b)|(?:cancel|forget)(?: about)? (?=the\b|\w+ing\b)|(?:skip|hold) (?=the\b)", f"{STOP_WORD} "),
    (r"leave ([\w' ]+?) (?:alone|to me)\b", rf"{STOP_WORD} \1"),
    (r"(?:you can |could you |please |just )?never ?mi+nd(?: that)?", EVERYTHING),
    (r"forget (?:it|that|about it|everything(?: else)?|all that)", EVERYTHING),
    (
        r"cancel(?: (?:it|that|everything|all(?: of it)?|my last request))?(?= *,| *$| please)|abort(?= *,| *$)",
        EVERYTHING,
    ),
    (r"(?:stop|drop|quit) (?:it|that|this|everything|what you(?:'re| are) doing|all of it|doing that)", EVERYTHING),
    (r"stop(?= ,)", EVERYTHING),
    (r"(?:that is |that's )?enough(?= *,| *$)", EVERYTHING),
    (r"scratch that(?= *,? *(?:please)? *,? *$)", EVERYTHING),
    (r"scratch that|on second thought", "no"),
)
"""Regular expression -> the words that it stands for. `'s` is still there, other punctuation is not."""

POLITE = (
    r"(?:can|could|would|will) (?:you|u)(?! tell| see| hear)(?: please| kindly| maybe| just| quickly)?(?: go)?(?: ahead)?",
    r"i (?:would like|want|need|'d like) (?:you|u) to|i'd like you to|i think (?:you|we) should",
    r"(?:i|we)(?:'d like| would like| need| want)(?! to know| help| it| that)|i'd like",
    r"(?:can|could) i (?:get|have)|(?:give|get) (?:me|us)|gimme",
    r"(?:you|we) (?:should|must|have to|need to)|you (?:gotta|can start)|let's|kindly|pls|plz|plese|(?<!from )now|next|quickly|fast",
    r"quick|asap|hey|hi|hello|ok|okay|thanks a lot|thank you very much|thanks|thank you|thx|ty|right now|right away",
    r"immediately|if you can|when you can|for (?:me|us)|alright|hurry up|hurry|go ahead|go|just|buddy|mate|friend|chef",
    r"partner|dude|man|well|um|so|yo|and please|(?:try|remember|time) to|(?:do not|don't|dont) forget to|first|will you",
    r"help me|first of all|(?:move|get) over (?:here )?and|exactly|look|come on|be quick|careful|watch out|oh no|uh oh|omg",
    r"guys|attention|listen|my friend|over here|before it is too late|in the kitchen|(?:for|of) you|any ?more|alright|oh",
    r"why (?:don't|dont|not)(?: you| we)?|(?:how|what) about(?: you)?|(?:would|do) you mind|any chance you could",
    r"is it possible for you to|(?:could|may) i ask you to|can i get you to|would it be ok(?:ay)? to",
    r"would you|could you|excuse me|(?:great|good|cool|nice|perfect)(?= ,)|in the meantime|as soon as possible",
)
"""What may be said around a request and changes nothing: put down to "please"."""

CORRECTS = r"(?:no|no no|no wait|sorry|oops|not \w+|wait|i meant|ah no)(?: ,|\b(?= (?:i )?mean)|(?<=meant))"
"""How a message begins that corrects the one before."""
NOT_ASKED = r"\b(?:can|could|would|will) (?:you|u)\b(?! tell| see| hear)|\b(?:what about|how about|why don'?t|why not|(?:do|would) you mind|(?:can|could|may) i (?:have|get|ask)|possible for you|(?:can|could) we (?:have|get))\b"
"""A request in the form of a question."""
ODD_SIGNS = r"[^\w\s.,!?'’‘\-:;&]"
"""Signs that may change what is meant, such as the star that marks a correction."""
_BEFORE = r"^(?:(?:um|so|hi|hey|ok|okay|wait|sorry|well|by the way|quick question|and|buddy|mate|chef|please|,) )*"
QUESTION_START = (
    _BEFORE + r"(?:(?:what(?! an? )|which|who|where|why|how|is|are|does|did|has|should|shall|was|were|any|"
    r"(?:do|have|am|may) (?:you|we|they|i|the|any)|when (?:is|are|do|does|did|will|can|should))\b"
    r"|(?:can|could|would|will) (?:i|we|they|he|she)\b|tell me|(?:can|could) you tell|(?:any new|current|next|the)? ?orders?(?: ,)?$)"
)
PLAIN_QUESTION = (
    _BEFORE
    + r"(?:(?:what|which|where|who) (?:is|are|do|does|did|orders?|soups?|pots?|were|was|should|shall|can|will|customers)"
    r"|how (?:do|does|is|long|much|far) |how many (?!times)|(?:is|are) (?:the|there|it|we|anyone|anything|something|any) "
    r"|(?:do|have|are) you (?!mind|blind|want|kidding|serious)|(?:do|have) we |(?:should|shall|am|may) i |does |did (?:you(?! know)|we|the|any) |has (?:the|any)"
    r"|when (?:is|are|do|does|did|will) |tell me (?:what|which|the|where|how|who)\b)"
)
"""How a message begins that is a question if it is one sentence."""
ABOUT_ORDERS = (
    r"\b(?:orders?|ordered|tickets?|customers?|guests?|menu|next to serve|on the list|order list"
    r"|any(?:one|body) (?:want|waiting)|some(?:one|body) (?:want|waiting)|they want|expires?|deadlines?|points)\b"
)
MAYBE_MORE = r"\b(?:alice|bob|cathy|david|soups?|serve|they|worth|free to|have time|who can)\b"
"""In a question: it may be one about orders that names none, or a request in disguise."""
TO_CUSTOMERS = r"\b(?:to|for) the (?:customers?|guests?|people|window|counter)\b"
FIRE = r"\b(fire|flames?|smoke|smoking|burning down)\b"
NO_FIRE = r"\b(?:fire (?:is|was|last)|(?:is|you'?re|are|on) (?:on )?fire (?:duty|today|tonight|mate|man)|you'?re on fire|was)\b"
"""Fire that is none, or none any more."""
SHORT_OF = (
    r"\b(out of|running (low|out)|low on|short (of|on)|run out|ran out|need more|no more|not enough|too few|all gone"
    r"|no \w*\s?(chopped|cut|sliced|diced|left)|aren'?t any|isn'?t any|(?:don'?t|dont) (?:have|see)|missing|have no|lack|not a)\b"
)
SPOILT = r"\b(charred|burnt|burned|ruined|charcoal)\b"
ALMOST = r"\b(nearly|almost|about to|going to|soon|will)\b"
EXPIRING = (
    r"\b(expir\w*|time ?out|timing out|run(ning|s)? out of time|deadline|late|waiting|in a hurry|time|cold|plated)\b"
)
DONE_COOKING = r"\b(burn\w*|char\w*|overcook\w*|ready|done|finished|cooked|boiling over|in the pot|on the stove)\b"
WANTED = r"\b(customers?|guests?|table|somebody|someone) (?:\w+ )?(?:wants?|is waiting|are waiting)\b"
ALL_CHOPPED = r"\b(?:everything|all|ingredients|veggies|stuff)\b.*\b(?:chopped|cut)\b"
ALL_MIXED = r"\b(?:ingredients|mix)\b.*\b(?:prepared|mixed|assembled|ready|together)\b"
NEW_ORDER = r"\b(?:new|just|another)\b.*\border(?:ed)?\b|\border\b.*\bcame in\b|\bno(?:body)?\b.*\b(?:cooking|stove)\b"

_THE = r"(?:the|our|that|my|your|this|left|right) "
_PLACE = r"(?:pot|stove|kitchen|soup|something|everything|whole place|it)"
_ANY_SOUP = r"(?P<soup>alice|bob|cathy|david)(?: soup)?"
_ANY_FOOD = r"(?:(?:chopped|fresh) )?(?P<food>tomato|lettuce|onion)"
SITUATIONS = (
    # Plain tellings: what they are called for is certain.
    (rf"(?:{_THE})*{_PLACE} (?:is|caught|just caught|has caught|in) (?:on )?(?:fire|flames)(?: help)?", Verb.PUTOUT),
    (rf"(?:{_THE})*{_ANY_SOUP}(?: pot)? (?:is|caught|just caught) (?:on |in )?(?:fire|flames)", Verb.PUTOUT),
    (r"(?:fire )+", Verb.PUTOUT),
    (
        r"(?:there is|we have|i see) (?:a |an )?(?:fire|flames|smoke)(?: in the kitchen| over there| over here)?",
        Verb.PUTOUT,
    ),
    (rf"(?:{_THE})?{_ANY_SOUP} (?:is|will) (?:about to |going to |gonna )?(?:burn(?: soon)?|overcook)", Verb.PLATE),
    (
        rf"(?:{_THE})?{_ANY_SOUP} (?:is|has) (?:ready|done|cooked|overcooking|done cooking|finished cooking)(?: in the pot)?",
        Verb.PLATE,
    ),
    (rf"(?:{_THE})?{_ANY_SOUP} is boiling over", Verb.PLATE),
    (
        rf"(?:we're |we are )?(?:all |completely )?(?:out of|running low on|running out of|low on|short on|short of) {_ANY_FOOD}(?: here)?",
        Verb.CHOP,
    ),
    (rf"we(?:'ve)? (?:ran|run) out of {_ANY_FOOD}", Verb.CHOP),
    (r"(?:there is |there are |we have )?no (?:chopped )?(?P<food>tomato|lettuce|onion) left", Verb.CHOP),
    (r"(?:there is |there are |we have )no chopped (?P<food>tomato|lettuce|onion)", Verb.CHOP),
    (
        r"(?:there is|there are|we have)?(?: ?we)?(?: ?dont have(?: any| enough)?| ?not enough| ?there aren't any) "
        rf"{_ANY_FOOD}(?: left)?",
        Verb.CHOP,
    ),
    (
        rf"(?:{_THE})?{_ANY_SOUP} order (?:is|will) (?:about to expire|running out of time|timing out|late|expire soon)",
        Verb.SERVE,
    ),
    (rf"(?:a |the )?(?:customers?|guests?) (?:is|are) waiting for (?:the |their |a )?{_ANY_SOUP}", Verb.SERVE),
    (rf"(?:a |the )?(?:customers?|guests?) wants? (?:the |their |a )?{_ANY_SOUP}", Verb.SERVE),
    (rf"(?:{_THE})?{_ANY_SOUP} is (?:already )?(?:plated|on (?:the|a) plate)", Verb.SERVE),
    (rf"(?:{_THE})?(?:soup|{_ANY_SOUP}) (?:is|got|was) (?:charred|burnt|burned|ruined)", Verb.DROP),
    (r"there is (?:charred|burnt|burned) (?:stuff|food|soup) in the pot", Verb.DROP),
)
