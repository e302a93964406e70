"""Word lists the checker compares sentences with: closed classes and contrasts of English.

Only words whose meaning a similarity of vectors gets wrong belong here: negations, quantifiers,
bounds, causes, and pairs that mean the opposite of each other although they are used alike.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words(
    """a about above across after again against ago along also although am among an and another any
    are around as at away b be because become becomes became been before being below between
    both but by c came can come could d did do does doing done down during e each either else
    even every f for from further g get gets given go goes got had has have having he hence her
    here hers him himself his how however i if in indeed into is it its itself j just k l let
    like m made make makes making may me might mine more most much must my myself n namely near
    nearly of off on once one ones onto or other others our out over own p per q quite r rather
    s same shall she should since so some something such t than that the their them themselves
    then there thereby therefore these they this those though through throughout thus to
    together too toward towards u under until unto up upon us v very via w was we well were what
    when where whereas whether which while who whom whose why will with within would x y yes yet
    you your yours z e.g i.e etc according passage passages text document documents provided context
    all least only not no never nor neither none cannot without except used use uses using various
    several many including include includes included known called considered refer refers
    referred well mainly place took takes occur occurs occurred happen happens happened
    currently today
    """
)

STARTERS = _words(
    """however therefore moreover furthermore additionally overall finally firstly secondly thirdly
    meanwhile nevertheless nonetheless consequently although despite after before during when while
    since because due according based instead similarly likewise thus hence yes no first second
    third next then also typically generally usually often sometimes many most some all each every
    several both few among between within through another other given today currently recently"""
)

GENERIC_NAMES = _words("river city state island mountain sea lake king queen president sir lord dr")

# Written like names, and common nouns: that a sentence speaks of one tells it from no other.
ACRONYMS = _words("ai api cd cpu dna dvd gps gpu html id it llm pc pdf rna sms tv url usb")

MONTHS = {
    month[:length]: month
    for month in (
        "january february march april may june july august september october november december"
    ).split()
    for length in {3, len(month)}
} | {"sept": "september"}

NEGATIONS = _words(
    """not no never none nobody nothing nowhere neither nor cannot without except excluding
    seldom rarely lack lacks lacked lacking hardly scarcely barely absence absent non unless"""
)
NEGATIONS_BEFORE_TO = _words("fail fails failed failing refuse refuses refused unable")
# What follows these has "not" or "no" in it and is not denied by it.
UNCOUNTED_NEGATIONS = (
    "not only", "not just", "not merely", "not until", "no more than", "no less than", "not least",
    "no fewer than", "not more than", "not less than", "not later than", "no later than",
    "nothing but", "nothing more than", "nothing less than", "no doubt", "no matter",
    "whether or not", "no longer only", "no longer just", "no longer merely",
)  # fmt: skip
NEGATIVE_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis")
CLAUSE_STARTS = _words(
    "but although though whereas while which who because since unless if when however and or so"
)

NOT_ONLY = ("not only", "not just", "not merely", "not solely")
# Words that make a "not" of the claim a fair way to put it.
DENIALS = _words(
    """stop stopped stops cease ceased abolish abolished reject rejected deny denied denies refuse
    few little rare rarely seldom hardly scarcely barely exclude excluded excludes excluding zero
    free beyond avoid avoids avoided block blocks blocked prevent prevents prevented unable
    impossible fail fails failed refused refuses"""
)
# Words that say that something is "no longer" so.
OVER = _words("former formerly lost ended stopped ceased abolished once previously previous")
ANAPHORS = _words("he she it they his her its their him them this these those such former latter")
#: What a noun may be counted with besides a number, by what follows from it.
COUNTED = {
    **dict.fromkeys(("all", "every", "each", "any"), "all"),
    **dict.fromkeys(("some", "several", "many"), "some"),
    **dict.fromkeys(("most",), "most"),
    **dict.fromkeys(("few", "no", "hardly", "neither", "none"), "few"),
}
UNIVERSAL = _words(
    "all every everyone everybody everything always entirely completely wholly invariably"
)

#: Words that need one of their licence's words in the evidence.
FAMILIES_OF_WORDS = {
    "universal": UNIVERSAL,
    "universal licence": UNIVERSAL
    | _words(
        """each any both whole entire throughout total full fully complete exclusively only no none
        never altogether across constantly continuously"""
    ),
    "exclusive": _words("only solely exclusively sole merely exclusive"),
    "exclusive licence": _words(
        """only solely exclusively sole merely exclusive alone unique uniquely just except but
        restricted limited nothing"""
    ),
    "majority": _words("most mostly majority predominantly"),
    "majority licence": _words(
        """most mostly majority predominantly usually typically generally mainly largely primarily
        commonly chiefly almost all dominant widespread predominant often primary main chief
        largest greatest best highest mainly principal popular half % percent large much bulk"""
    ),
    "rare": _words("few rarely seldom hardly scarcely barely little infrequently"),
    "rare licence": _words(
        """few rarely seldom hardly scarcely barely little not no never uncommon rare unusual fewer
        limited small without less low minimal only infrequently"""
    ),
    "less": _words("less fewer least"),
    "less licence": _words(
        """less fewer least low lower lowest smaller small reduced reduce reduces reducing decline
        declined decrease decreased drop dropped curtailed restricted weakened
        diminished minimal minimum under below not no without than
        more limited cheap cheaper few little at poorer weaker shorter"""
    ),
    "first": _words(
        "first initi origin earliest begin introduc invent pioneer start earli new found creat"
    ),
}

# What is the same said in either order.
SYMMETRIC = _words(
    """equal meet marri differ resembl share compar relat link connect combin differ similar same
    between contrast border agre cooper alli includ like join"""
)

BOUNDS = {
    "at least": ">", "more than": ">", "over": ">", "above": ">", "no less than": ">",
    "no fewer than": ">", "not less than": ">", "exceeding": ">", "minimum of": ">",
    "greater than": ">", "upwards of": ">", "as early as": "~", "higher than": ">",
    "exceed": ">", "exceeds": ">", "exceeded": ">", "longer than": ">", "older than": ">",
    "at most": "<", "less than": "<", "fewer than": "<", "under": "<", "below": "<", "up to": "<",
    "no more than": "<", "not more than": "<", "maximum of": "<", "lower than": "<",
    "a minimum of": ">", "a maximum of": "<", "as many as": "<", "as much as": "<",
    "as high as": "<",
    "smaller than": "<", "shorter than": "<", "younger than": "<",
    "about": "~", "around": "~", "approximately": "~", "roughly": "~", "nearly": "~",
    "almost": "~", "some": "~", "circa": "~", "c": "~", "ca": "~", "an estimated": "~",
    "exactly": "=", "precisely": "=",
}  # fmt: skip

PERSONS = _words(
    """people persons individuals inhabitants residents citizens users members patients participants
    victims men women children workers employees students soldiers settlers colonists refugees
    voters visitors viewers customers subscribers souls"""
)

# Each entry: two sides that exclude each other; the words of one side mean nearly the same.
_CONTRASTS = """
increase increases increased increasing rise rises rose rising grow grows grew grown growing
    growth raise raised raising gain expand expanded expansion escalate | decrease decreases
    decreased decreasing decline declines declined declining fall falls fell falling drop dropped
    dropping reduce reduces reduced reducing reduction shrink shrank shrinking lower lowers lowered
    diminish diminished lessen
more greater | less fewer lesser
higher high highest | lower low lowest
faster fast fastest quick quickly quicker rapid rapidly | slower slow slowest slowly
larger large largest big bigger biggest huge greater greatest | smaller small smallest tiny
better best superior improve improves improved improvement improving | worse worst inferior
    worsen worsens worsened deteriorate
stronger strong strongest powerful strengthen strengthened strongly | weaker weak weakest weaken
    weakened weakly
longer long longest lengthen | shorter short shortest shorten
older oldest elder | younger youngest newer newest
earlier before prior precede preceded precedes previously | later after follow followed following
    subsequently succeed succeeded
early earliest | late latest
above over | below under beneath underneath
first initial initially earliest | last final finally latest
north northern northward northeast northwest | south southern southward southeast southwest
east eastern eastward | west western westward
left | right
maximum maximal maximise maximize maximises maximizes | minimum minimal minimise minimize
    minimises minimizes
major | minor
majority most mostly | minority
many numerous | few
often frequently usually commonly typically always | rare rarely seldom never
common widespread | rare rarer uncommon
always | sometimes never occasionally
easy easier easily simple simpler | difficult harder hard hardest complex complicated
cheap cheaper inexpensive | expensive costly dear dearer
accept accepted accepts acceptance | reject rejected rejects rejection refuse refused
allow allows allowed permit permitted permits enable enables enabled let | prevent prevents
    prevented forbid forbidden ban banned bans prohibit prohibited prohibits disallow block blocked
support supported supports supporting favour favoured favor favored | oppose opposed opposes
    opposing opposition
win won wins winning victory victorious | lose lost loses losing defeat defeated loss
begin began begins beginning start started starts commence commenced open opened opening launch
    launched | end ended ends ending finish finished finishes close closed closing stop stopped
    cease ceased terminate
positive positively | negative negatively
present | absent
succeed success successful successfully | fail failed failure unsuccessful unsuccessfully
add added adds adding include included includes including | remove removed removes removing
    exclude excluded excludes excluding omit omitted
agree agreed agreement | disagree disagreed disagreement
alive living live | dead
ancient old | modern new recent
public publicly | private privately
rich richer wealthy | poor poorer
hot hotter warm warmer | cold colder cool cooler
heavy heavier | light lighter
thick thicker | thin thinner
wide wider broad broader | narrow narrower
deep deeper | shallow shallower
import imported imports | export exported exports
encode encoder encodes | decode decoder decodes
supervised | unsupervised
conditional | unconditional
input inputs | output outputs
internal inside indoor | external outside outdoor
forward | backward
upper top | bottom
safe safer safely | dangerous unsafe
legal lawful | illegal unlawful
male males | female females
man men | woman women
boy boys | girl girls
son sons | daughter daughters
brother brothers | sister sisters
father | mother
same identical equal | different distinct unequal
possible | impossible
true | false
full | empty
near nearer close | far farther distant
continue continued continues | discontinue discontinued
create created creates build built construct constructed found founded establish established |
    destroy destroyed destroys demolish demolished abolish abolished dissolve dissolved
appear appeared emerge emerged | disappear disappeared vanish
attack attacked | defend defended
advantage advantages benefit benefits strength strengths | disadvantage disadvantages drawback
    drawbacks weakness weaknesses
open-source open | proprietary closed
cause causes caused causing | prevent prevents prevented
lead leads led | follow follows followed
deny denied denies | admit admitted confirm confirmed
parallel | serial sequential sequentially
horizontal horizontally | vertical vertically
day days daytime | night nights
summer | winter
dry drier arid | wet wetter humid moist
sharp sharper | blurry blurred blurrier
stable steady steadily | unstable
certain certainly | uncertain
active actively | inactive passive
temporary temporarily | permanent permanently
directly direct | indirectly indirect
voluntary voluntarily | compulsory mandatory involuntary
optional | required mandatory obligatory compulsory
offline | online
local locally | remote remotely global
""".strip()


def _contrasts() -> dict[str, tuple[tuple[frozenset[str], frozenset[str]], ...]]:
    table: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for line in _CONTRASTS.replace("\n    ", " ").splitlines():
        left, right = (_words(side) for side in line.split("|"))
        for side, opposite in ((left, right), (right, left)):
            for word in side:
                table.setdefault(word, []).append((side, opposite))
    return {word: tuple(pairs) for word, pairs in table.items()}


#: word -> the sides it stands on: (its own side, the opposite side)
CONTRASTS = _contrasts()

#: What links a cause with its effect: True when the cause stands before the word.
CAUSAL_FORWARD = (
    "cause", "causes", "caused", "causing", "lead to", "leads to", "led to", "leading to",
    "result in", "results in", "resulted in", "resulting in", "therefore", "hence", "thus",
    "consequently", "as a consequence", "as a result", "so that", "produce", "produces",
    "produced", "trigger", "triggers", "triggered", "gives rise to", "gave rise to",
    "contributes to", "contributed to", "contribute to", "brought about", "enables", "forces",
    "which is why", "that is why", "this is why", "so",
)  # fmt: skip
CAUSAL_BACKWARD = (
    "because of", "because", "due to", "owing to", "caused by", "as a result of", "result of",
    "results from", "resulted from", "resulting from", "thanks to", "stems from", "stemmed from",
    "triggered by", "produced by", "attributed to", "in response to", "arises from", "since",
    "consequence of", "led by", "on account of", "driven by", "by causing",
)  # fmt: skip

DEMONYMS = {
    demonym: country
    for line in """
    france french frenchman frenchmen
    england english englishman englishmen
    germany german germans
    italy italian italians
    spain spanish spaniard spaniards
    egypt egyptian egyptians
    norway norwegian norwegians
    denmark danish dane danes
    sweden swedish swede swedes
    iceland icelandic icelander icelanders
    ireland irish
    scotland scottish scots scotsman
    wales welsh
    britain british briton britons uk
    poland polish poles pole
    netherlands dutch dutchman holland
    belgium belgian belgians
    switzerland swiss
    austria austrian austrians
    greece greek greeks
    turkey turkish turks turk
    russia russian russians
    china chinese
    japan japanese
    korea korean koreans
    india indian indians
    mongolia mongolian mongol mongols mongolians
    america american americans us usa
    canada canadian canadians
    mexico mexican mexicans
    brazil brazilian brazilians
    australia australian australians
    africa african africans
    asia asian asians
    europe european europeans
    israel israeli israelis
    iraq iraqi iraqis
    iran iranian iranians
    pakistan pakistani pakistanis
    california californian californians
    saudi saudis arabia
    kuwait kuwaiti kuwaitis
    portugal portuguese
    hungary hungarian hungarians
    finland finnish finn finns
    vietnam vietnamese
    """.strip().splitlines()
    for country, *forms in [line.split()]
    for demonym in [country, *forms]
}

#: The stems of a longer name that says the same as one stem.
NAMES_IN_FULL = {"america": _words("unit state"), "britain": _words("unit kingdom")}

IRREGULAR = {
    form: base
    for line in """
    write wrote written writes | speak spoke spoken | rise rose risen | fall fell fallen
    begin began begun | win won | lose lost | build built | teach taught | buy bought | sell sold
    fight fought | bring brought | think thought | find found | hold held | lead led | keep kept
    leave left | send sent | spend spent | lend lent | feel felt | meet met | grow grew grown
    know knew known | throw threw thrown | draw drew drawn | drive drove driven | give gave given
    take took taken | break broke broken | choose chose chosen | steal stole stolen | see saw seen
    eat ate eaten | run ran | sing sang sung | drink drank drunk | swim swam swum | lie lay lain
    become became | say said | tell told | pay paid | lay laid | sit sat | stand stood
    spill spilt | learn learnt | burn burnt | spell spelt | smell smelt | spoil spoilt | hang hung
    understand understood | forbid forbade forbidden | forgive forgave | rule ruler rulers
    invade invader invasion invasions | die death deaths dead | born birth | marry marriage
    man men | woman women | child children | analysis analyses | hypothesis hypotheses | die died
    datum data | criterion criteria | phenomenon phenomena | person people | foot feet
    describe description | decide decision | destroy destruction | produce production producer
    explain explanation | grow growth | lose loss | live life lives living | prove proof proven
    deep depth | strong strength | long length | wide width | high height | wealth wealthy
    """.replace("\n", "|").split("|")
    if line.strip()
    for base, *forms in [line.split()]
    for form in [base, *forms]
}
