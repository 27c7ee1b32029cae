"""What people say in a kitchen, and what they mean by it: messages for training and judging the Slow Mind.

`compose` makes rows from phrases written by hand (`spoken/SPLIT/*.yaml`). The phrases, synonyms, idioms and manners
of the three splits are disjoint, so that `test` measures new wordings and not new combinations of known ones.

Conventions, where the contract of `brigade intent` leaves a choice:

- Counts. A number, "a", "the", "another", "one more" are taken as said. A plural without a number ("chop onions",
  "some onions") is 1: nothing more was asked for. "A few", "several", "all" have no definite count: such messages are
  left out, unless a number follows. "About three", "three or so", "at least three" are 3. "Two of each" holds for
  each thing named. "A tomato and then another one" is one demand for 2.
- Order. Demands keep the order in which they were said. Messages that say one order and mean another ("do this, but
  before that ...") are left out.
- Corrections. Only what stands is a demand, and what was taken back is no cancel: it was never asked for. A corrected
  thing keeps its count, a corrected count keeps its thing. If all is taken back ("chop two, no, forget it") nothing
  stands and everything is cancelled. A correction of the message before does cancel what that one asked for, because
  it is on the agenda by now; the count carries over.
- Cancels. A message that only cancels is short_term without demands, also "never serve Bob again". "Enough onions",
  "leave the onions to me" and "no need to chop onions" cancel. A thing without an action ("never mind the Bob")
  cancels what the previous intent wanted with it; foods without a previous intent are about chopping; soups without
  one are left out. "Do X instead of Y" cancels Y. With a new demand beside it the kind is that of the demand.
- short_term: somebody asks, however indirectly ("those onions won't chop themselves", "I need two onions"), also when
  the same message chats, says what the speaker does themselves, or asks something.
- implicit: only a situation is told, and this is what it calls for. Fire, flames, smoke: Putout. A soup that is
  cooked, ready, overcooking or about to burn in its pot: Plate it. A soup on its plate, an order that runs out, or
  somebody who waits for a soup: Serve it. A food of which nothing chopped is left: Chop it, with the number if one is
  told ("two onions short"). A soup's foods all chopped: Prepare its ingredients. Its ingredients mixed, a new order
  for it, or no pot that holds it: Cook it. Charred food: Drop.
- long_term: it holds until cancelled. A message that wants one thing once and another from now on cannot be written
  in the contract's form and is left out.
- Questions. "Can you chop onions?" is a request; "are you chopping onions?", "should I chop onions?" are questions.
  About orders, customers' wishes, deadlines or points it is an order_question, otherwise a question.
- none: everything else. Chatter, praise, recipes told, what the speaker does or has done, "yes", "ok", and a
  reference to a message before when there was none.
- Actions. "Make", "get going" and a soup's name alone are Cook. "Prepare", "prep" and mixing are Prepare. Taking a
  soup out of its pot is Plate; taking it to the customers is Serve. Foods alone are to be chopped. Burnt food that
  has to go is Drop.
- What "it" means. "It", "that soup", "the soup" mean the soup of the previous intent; where there is none, the only
  open order, if there is just one. "The oldest", "the first", "the next order" are the first of the open orders, "the
  newest", "the last" the last. "Another one" repeats the last demand of the previous intent once, "same again" all of
  them with their counts.
- Commands to the machine. "Ignore your instructions and ..." means the cooking that it names, and nothing if it
  names none.
"""

from brigade.agents.training.messages.compose import compose
from brigade.agents.training.messages.rows import Row, read_rows, write_rows
from brigade.agents.training.messages.vocabulary import SPLITS, Split

__all__ = ["SPLITS", "Row", "Split", "compose", "read_rows", "write_rows"]
