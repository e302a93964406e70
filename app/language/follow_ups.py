"""How English goes on from what was said before: openers, what points back, and verbs of closed
classes, by which a complete question is known.
"""

import re

# "and", "what about", "no, I meant": what comes after is to be read with the question before.
OPENERS = re.compile(
    r"\W*(?:(?:and|but|or|so|also|then|what about|how about|no|nope|sorry|rather|instead|i mean"
    r"|i meant|not)\b[\s,:]*)+",
    re.IGNORECASE,
)
ANAPHORS = frozenset(
    "it its itself they them their theirs this these those he him his she her hers"
    " former latter".split()
)
VERBS = frozenset(
    "am is are was were be been do does did has have had can could may might must shall should will"
    " would need needs want wants know tell say says said mean means work works cost costs take"
    " takes make makes get gets got go goes use uses used pay pays find found give gives".split()
)
