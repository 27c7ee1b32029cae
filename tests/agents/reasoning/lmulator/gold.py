"""Gold answers to what the programs for eight BIG-Bench Hard tasks ask: facts of the world, readings of a question.

They never see the right option, only what a program asks.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping

KINDS = {
    "fruits": "apple banana blackberry grape nectarine orange peach plum raspberry strawberry",
    "vegetables": "cabbage carrot cauliflower broccoli garlic lettuce onion potato celery yam",
    "animals": "bear cat chicken cow dog donkey duck fish frog goat mouse mice pig rabbit snail snake",
    "musical instruments": "accordion clarinet drum flute piano trombone trumpet violin",
}
IRREGULAR = {"mice": "mouse", "blackberries": "blackberry", "raspberries": "raspberry", "strawberries": "strawberry"}


def singular(thing: str) -> str:
    word = re.sub(r"^(heads?|stalks?) of | heads?$", "", thing)
    if word in IRREGULAR:
        return IRREGULAR[word]
    return re.sub(r"(?<=oe|ch)s$|(?<=to)es$|(?<=ch)es$|s$", "", word) if word.endswith("s") else word


def is_kind_of(thing: str, category: str) -> bool:
    known = KINDS[category].split()
    return thing in known or singular(thing) in known


def move_of(instruction: str) -> str:
    text = instruction.lower()
    if text.startswith("turn"):
        return text
    if not text.startswith("take"):
        return "none"
    return next((side for side in ("backward", "forward", "left", "right") if side in text), "forward")


def means_honest(claim: str) -> bool:
    return claim == "tells the truth"


PLAYERS = {
    "soccer": """Marcelo; David Silva; Carles Puyol; Kwadwo Asamoah; Giorgio Chiellini; Gerard Pique; Neymar; Santi Cazorla;
        Edinson Cavani; Petr Cech; Robert Lewandowski; Javier Zanetti; Wayne Rooney; Marouane Fellaini; Joao Moutinho;
        Vincent Kompany; Didier Drogba; Pedro; Mario Gomez; Andres Iniesta; Ramires; Yaya Toure; Carlos Tevez;
        Mario Balotelli; Willian; Toni Kroos; Sergio Busquets; Eden Hazard; Sergio Ramos; Bastian Schweinsteiger;
        Angel Di Maria; Paulinho; Klaas Jan Huntelaar; Sergio Aguero; Javier Mascherano; Diego Forlan; Arjen Robben;
        Stephan El Shaarawy; Luka Modric; Dani Alves; Juan Mata; Thomas Muller; Pepe""",
    "American football": """Deshaun Watson; Carson Wentz; Adam Thielen; Tom Brady; Tyreek Hill; T.Y. Hilton; Robert Woods;
        Julian Edelman; DJ Chark; Philip Rivers; Drew Brees; Ryan Tannehill; Brandin Cooks; Tyler Boyd; Sterling Shepard;
        Matthew Stafford; Courtland Sutton; Josh Allen; Calvin Ridley; Marvin Jones; Amari Cooper; Cooper Kupp;
        Keenan Allen; Mitchell Trubisky; Joe Burrow; Sam Darnold; DeVante Parker; A.J. Green; Stefon Diggs; Nick Foles;
        John Brown; Emmanuel Sanders; Michael Thomas; Mike Williams; Allen Robinson; Jamison Crowder; Jerry Jeudy;
        Ryan Fitzpatrick; Chris Godwin; Justin Herbert; Darius Slayton""",
    "basketball": """Jayson Tatum; LaMelo Ball; Jonas Valanciunas; Zach LaVine; Delon Wright; Malcolm Brogdon; Malik Beasley;
        Draymond Green; Fred VanVleet; Michael Porter Jr.; Kevin Durant; Kawhi Leonard; Clint Capela; Norman Powell;
        Dejounte Murray; Ben Simmons; Kendrick Nunn; Jamal Murray; Domantas Sabonis; De'Aaron Fox; James Harden;
        Khyri Thomas; Nerlens Noel; CJ McCollum; Anthony Davis; Caris LeVert; Trae Young; Mitchell Robinson;
        Collin Sexton; Russell Westbrook; Stephen Curry; Mikal Bridges; Jaylen Brown""",
    "baseball": """Mookie Betts; Bryce Harper; Jack Flaherty; Freddie Freeman; Corbin Burnes; Michael Conforto; Gleyber Torres;
        Juan Soto; Fernando Tatis Jr.; Gerrit Cole; Luis Robert; Mike Trout; Walker Buehler; Brad Hand; Jesus Luzardo;
        James Karinchak; Luke Voit; Max Scherzer; Nick Castellanos; Aaron Nola; Ketel Marte; Tyler Glasnow;
        Marcell Ozuna; Brandon Woodruff; Kyle Tucker; Pete Alonso; Anthony Rizzo; Francisco Lindor; George Springer;
        Sonny Gray; Brandon Lowe; Kenta Maeda; Blake Snell""",
    "ice hockey": """Elias Lindholm; John Carlson; John Tavares; Robin Lehner; Dougie Hamilton; Frederik Andersen;
        Kailer Yamamoto; Nazem Kadri; Jakub Vrana; Tom Wilson; Aleksander Barkov; Jonathan Marchessault; Tuukka Rask;
        Jordan Binnington; Mike Hoffman; Evander Kane; Igor Shesterkin; Mark Stone; Sean Couturier; Mitchell Marner;
        Connor McDavid; Patrick Kane; Steven Stamkos; Timo Meier; Neal Pionk; Leon Draisaitl; Travis Konecny;
        Pierre-Luc Dubois; Ryan O'Reilly; Miro Heiskanen; David Pastrnak; Andrei Svechnikov; Nathan MacKinnon;
        Gabriel Landeskog; Mathew Barzal; Patrice Bergeron; Ryan Nugent-Hopkins; Kyle Connor; Teuvo Teravainen;
        Dylan Larkin; Tristan Jarry; Nicklas Backstrom""",
}
SPORT_OF = {name.strip(): sport for sport, names in PLAYERS.items() for name in names.split(";")}
ACTIONS = {
    "soccer": r"through ball|throw in|maradona|nutmegged|handball|corner kick|slide tackle|indirect kick|penalty kick"
    r"|freekick|red card|extra time|added time|give and go|header goal|left foot|bicycle kick|outside the eighteen"
    r"|studs up|double stepover|scored a corner|Champions Lea|FA Cup|European Cup",
    "American football": r"fade|first down|screen pass|touchdown|fourth down|hail mary|flag|fumbled|endzone|slant pass"
    r"|wheel route|snap|five yards|backfield|ran out of bounds|AFC|NFC|Superbowl",
    "basketball": r"beat the buzzer|buzzer beater|goal tend|took a three|half court shot|took a charge|banked the shot"
    r"|three second violation|called for the screen|three pointer|turnaround jumper|beyond the arc|restricted area"
    r"|blocking foul|reverse layup|side-step three|eurostepped|desperation heave|easy layup|hard screen|nothing but net"
    r"|airballed|shot clock|reverse dunk|windmill dunk|dunked|NBA|(Western|Eastern) Conference",
    "baseball": r"first base|second base|watched the pitch|walkoff homer|got on base|hit a (triple|double|single)|base hit"
    r"|out at|struck out|walked on ball four|took ball four|safe at|grounded out|full count|double play|World Series"
    r"|League Championship",
    "ice hockey": r"third period|behind the net|penalty box|took to the ice|blue line|shot the puck|power ?play"
    r"|passed the puck|backhand|five hole|skated|lost control of the puck|slashing|attacking zone|wristed|icing|Stanley Cup",
}


ALSO = {"soccer": r"six yard line"}
"""Said of one sport and meant of another as well: the six yard box is soccer's."""


def athlete_in(sentence: str) -> str:
    return next(name for name in sorted(SPORT_OF, key=len, reverse=True) if sentence.startswith(name))


def sport_of_athlete(name: str) -> str:
    return SPORT_OF[name]


def fits_sport(action: str, sport: str) -> bool:
    sports = {each for each, pattern in ACTIONS.items() if re.search(pattern, action)}
    sports |= {each for each, pattern in ALSO.items() if re.search(pattern, action)}
    assert sports, action
    return sports == {sport}


TODAY = {
    "Today is Christmas Eve of 1937.": "1937-12-24",
    "In the UK, people usually put the day before the month when formatting the date. Therefore, today is 02/01/1987 to them.": "1987-01-02",
    "Jane and John married on Jan 2, 1958. It is their 5-year anniversary today.": "1963-01-02",
    "Jane scheduled 3 apointments with 5 poeple for tomorrow (Tue, 7/9/1972).": "1972-07-08",
    "Today's meeting is rescheduled to 11 am tomorrow, 10/16/1924.": "1924-10-15",
    "Jane visits the bookstore on the 16th of each month starting from the October of 2009. It is her 5th visit to the bookstore today.": "2010-02-16",
    "On May 9th, 2017 Jane bought 40 eggs. She ate one per day. Today she ran out of eggs.": "2017-06-18",
    "Tomorrow is 11/12/2019.": "2019-11-11",
    "Jane thinks today is 6/18/2019, but John thinks today is 6/19/2019. Jane is correct.": "2019-06-18",
    "The first day of 2019 is a Tuesday, and today is the first Monday of 2019.": "2019-01-07",
    "Yesterday was 12/31/1929. Today could not be 12/32/1929 because December has only 31 days.": "1930-01-01",
    "Today is Apr 10, 1985. Jane's appointment will be 3 days later.": "1985-04-10",
    "Jane quited her job on Mar 20, 2020. 176 days have passed since then.": "2020-09-12",
    "Today is the palindrome day of 2020, because the MMDDYYYY format of the date is the same backwards as forwards.": "2020-02-02",
    "May 6, 1992 is like yesterday to Jane, but that is actually ten years ago.": "2002-05-06",
    "Today is Sep 9, 1909.": "1909-09-09",
    "The current local time is 3:02 pm of 5/4/2004.": "2004-05-04",
    "Yesterday, Jan 21, 2011, Jane ate 2 pizzas and 5 wings.": "2011-01-22",
    "Jane is celebrating the last day of Jan 2012.": "2012-01-31",
    "2015 is coming in 36 hours.": "2014-12-30",
    "Jane booked a flight for tomorrow, Jul 29, 2002.": "2002-07-28",
    "The deadline is Jun 1, 2021, which is 2 days away from now.": "2021-05-30",
    "Yesterday was April 30, 2021.": "2021-05-01",
    "Today is the second day of the third month of 1966.": "1966-03-02",
    "This is the last day of 1899.": "1899-12-31",
    "It is 4/19/1969 today.": "1969-04-19",
    "Jane was born on the last day of Feburary in 2001. Today is her 16-year-old birthday.": "2017-02-28",
    "Jane thinks today is 6/18/2019, but John thinks today is 6/19/2019. John is correct.": "2019-06-19",
    "Today, 8/3/1997, is a day that we will never forget.": "1997-08-03",
    "The concert was scheduled to be on 06/01/1943, but was delayed by one day to today.": "1943-06-02",
    "Jane and John married on Jan 2, 1958. Today is their golden wedding anniversary.": "2008-01-02",
    "Today is 9/7. Jane is watching NFL 2003.": "2003-09-07",
    "Jane got her job in 2016. Today is her 3-year work anniversary. She still remember that on Dec 2, her second day at work, she spilled coffee on her laptop.": "2019-12-01",
    "Jane was born on the last day of Feburary in 2000. Today is her 16-year-old birthday.": "2016-02-29",
    "Jane thought today is 3/11/2002, but today is in fact Mar 12, which is 1 day later.": "2002-03-12",
    "The day before yesterday was 11/23/1933.": "1933-11-25",
    "Today is 3/5, and it is Jane's second time in the year 1973 to see a meteor shower.": "1973-03-05",
    "It was Sept. 1st, 2021 a week ago.": "2021-09-08",
    "In the US, Thanksgiving is on the fourth Thursday of November. Today is the US Thanksgiving of 2001.": "2001-11-22",
    "Today is the last day of the first quarter of 2008.": "2008-03-31",
    "Today is the first day of 2007.": "2007-01-01",
}
AS_LABELLED = {
    "Jane and John married on Jan 2, 1958. It is their 5-year anniversary today.": "1961-01-02",
    "In the US, Thanksgiving is on the fourth Thursday of November. Today is the US Thanksgiving of 2001.": "2002-11-22",
    "2015 is coming in 36 hours.": "2014-12-29",
}
"""Situations whose labels all rest on another date than the one meant (20 questions); the labels' own dates are used, since
what is tested is what a program makes of a date."""
WRONG_LABELS = frozenset({("Jane is celebrating the last day of Jan 2012.", "one week from today")})
"""A label that no date of today leads to: the other questions about this day are about Jan 31, and this label is Feb 6."""
DISTANCES = {
    "tomorrow": (1, "days"), "a month ago": (-1, "months"), "one week from today": (7, "days"),
    "one week ago from today": (-7, "days"), "yesterday": (-1, "days"), "10 days ago": (-10, "days"),
    "one year ago from today": (-1, "years"), "24 hours later": (1, "days"), "today": (0, "days"),
}  # fmt: skip


def date_of_today(situation: str) -> datetime.date:
    return datetime.date.fromisoformat((TODAY | AS_LABELLED)[situation])


def distance(asked: str) -> tuple[int, str]:
    found = re.search(r"the date (.*) in MM", asked)
    assert found
    return DISTANCES[found[1]]


COLOURS = frozenset(
    [
        "red",
        "orange",
        "yellow",
        "green",
        "blue",
        "brown",
        "magenta",
        "fuchsia",
        "mauve",
        "teal",
        "turquoise",
        "burgundy",
        "silver",
        "gold",
        "black",
        "grey",
        "purple",
        "pink",
    ]
)


def is_colour(word: str) -> bool:
    return word in COLOURS


def is_same_thing(name: str, other: str) -> bool:
    def bare(text: str) -> str:
        words = [re.sub(r"(?<=leash)es$|s$", "", word) if word != "sunglasses" else word for word in text.split()]
        return " ".join(words)

    return bare(name) == bare(other)


def kind_of_coloured(asked: str) -> str:
    for pattern, kind in (
        ("remove", "left after removing"), ("neither", "neither colour"), ("-most", "end of row"),
        ("directly", "next to"), ("furthest", "furthest from"), ("non-", "not coloured beside"),
        ("^What color is", "colour of one"), ("^Is the", "is one coloured"),
    ):  # fmt: skip
        if re.search(pattern, asked):
            return kind
    raise AssertionError(asked)


def kind_of_penguins(asked: str) -> str:
    text = asked.lower()
    for pattern, kind in (
        ("how many species", "species"), ("how many columns", "columns"), ("number of the column", "column number"),
        ("^how many", "count"), ("^what animals", "list"), ("cumulated", "total"), ("average", "average"),
        (r"^what is the (shortest|largest) ", "extreme value"), (r"^what is the (age|height|weight) of", "value of one"),
        (r"name of the (fist|first|second|last|next to last) ", "by place"),
        (r"^which is the|than the other ones", "by rank"), ("shortest name", "which one"),
    ):  # fmt: skip
        if re.search(pattern, text):
            return kind
    return "which one"


def column_of(asked: str) -> str:
    text = asked.lower()
    for pattern, column in (
        ("name", "name"), ("age|old|young|younest", "age"), ("height|tall|short", "height"), ("weight|heav", "weight")
    ):  # fmt: skip
        if re.search(pattern, text.replace("average", "")) and not (column == "name" and "name of" in text):
            return column
    raise AssertionError(asked)


def wants_largest(asked: str) -> bool:
    return bool(re.search("oldest|tallest|heaviest|largest|older|taller", asked))


def place_of(asked: str) -> int:
    if "next to last" in asked:
        return -2
    return 1 if "second" in asked else -1 if "last" in asked else 0


def is_alphabetic(asked: str) -> bool:
    return "alphabetic" in asked


KNOWN = {"jazzman": "Louis", "painter": "Vincent", "welsh": "Gwen", "female": "Gwen"}


def fits(name: str, age: int, height: int, weight: int, asked: str, others: list[str]) -> bool:
    rows = {each.split(":")[0]: [int(n) for n in re.findall(r"\d+", each.split(":")[1])] for each in others}
    ages = {each: numbers[0] for each, numbers in rows.items()}
    heights = {each: numbers[1] for each, numbers in rows.items()}
    for word, who in KNOWN.items():
        if word in asked:
            return name == who
    if "shortest name" in asked:
        return len(name) == min(map(len, rows))
    tests = []
    readings: tuple[tuple[str, Callable[[str], bool]], ...] = (
        (r"more than (\d+) years", lambda n: age > int(n)), (r"less than (\d+) years", lambda n: age < int(n)),
        (r"weight more than (\d+)", lambda n: weight > int(n)), (r"weight less than (\d+)", lambda n: weight < int(n)),
        (r"(?:is |the )(\d+) cm tall", lambda n: height == int(n)), (r"the 0\.(\d) m tall", lambda n: height == 10 * int(n)),
        (r"is (\d+) years old", lambda n: age == int(n)), (r"older than (\w+)", lambda n: age > ages[n]),
        (r"(?<!one year )(?<!two years )younger than (\w+)", lambda n: age < ages[n]),
        (r"younger but taller than (\w+)", lambda n: age < ages[n] and height > heights[n]),
        (r"one year younger than (\w+)", lambda n: age == ages[n] - 1),
        (r"two years younger than (\w+)", lambda n: age == ages[n] - 2),
    )  # fmt: skip
    for pattern, test in readings:
        found = re.search(pattern, asked)
        if found:
            tests.append(test(found[1]))
    return all(tests)


GOLD: Mapping[str, Mapping[str, Callable[..., object]]] = {
    "object_counting": {"is_kind_of": is_kind_of},
    "navigate": {"move_of": move_of},
    "web_of_lies": {"means_honest": means_honest},
    "word_sorting": {},
    "sports_understanding": {
        "athlete_in": athlete_in,
        "sport_of_athlete": sport_of_athlete,
        "fits_sport": fits_sport,
    },
    "date_understanding": {"date_of_today": date_of_today, "distance": distance},
    "reasoning_about_colored_objects": {
        "kind_of": kind_of_coloured,
        "is_same_thing": is_same_thing,
        "is_colour": is_colour,
    },
    "penguins_in_a_table": {
        "kind_of": kind_of_penguins,
        "column_of": column_of,
        "fits": fits,
        "place_of": place_of,
        "wants_largest": wants_largest,
        "is_alphabetic": is_alphabetic,
    },
}
