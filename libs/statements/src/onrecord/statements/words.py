"""Closed classes of English words that the rules lean on."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PRONOUNS = _words("""
    he she they it i we you who everyone everybody nobody someone somebody others many some both all most few one
""")
OBJECT_PRONOUNS = _words("""
    him her them me us you it himself herself themselves
""")
SUBJECT_PRONOUNS = _words("""
    he she they it i we you there this these those nobody everyone no-one he's she's it's they're we're i'm you're he'd
    she'd they'd i'd we'd you'd he'll she'll they'll i'll we'll it'll i've we've they've you've there's that's
""")
DETERMINERS = _words("""
    the a an this that these those his her its their our my your some any each every no another several many both one two
    three four five six seven eight nine ten most few all other such
""")
POSSESSIVES = _words("""
    his her its their our my your
""")
PREPOSITIONS = _words("""
    of in on at by for from with to about into over under after before during between among against through within without
    across near toward towards amid around behind beyond despite inside outside via upon since until per as than like
    following
""")
NOUN_PREPOSITIONS = _words("""
    of for from with at in on to near against behind about
""")
SUBORDINATORS = _words("""
    that because while when whereas although though if as after before since until but so than whether which where how what
    why whom whose unless once and or nor yet who
""")
CONJUNCTIONS = _words("""
    and but or so yet nor plus then
""")
AUXILIARIES = _words("""
    's 're 've 'd 'll 'm
    has have had is are was were be been being will would can could may might must should shall do does did having hasn't
    haven't hadn't isn't aren't wasn't weren't won't wouldn't can't couldn't mightn't shouldn't don't doesn't didn't
""")
BE_FORMS = _words("""
    's 're 'm
    is are was were be been being isn't aren't wasn't weren't
""")
NEGATIONS = _words("""
    not never neither nor hardly didn't doesn't don't hasn't haven't hadn't won't wouldn't can't couldn't isn't wasn't
    cannot n't
""")
ADVERBS = _words("""
    also then later even just still first only now once further often always again ever never not soon already almost nearly
    rather quite instead thus therefore hence too reportedly himself herself themselves itself both all simply long twice
    today yesterday tonight elsewhere earlier
""")
OPENERS = _words("""
    however meanwhile later earlier then still yet indeed instead moreover furthermore nevertheless nonetheless besides
    separately additionally finally afterward afterwards thus therefore today yesterday also similarly likewise again
    elsewhere overall
""")
DAYS = _words("""
    monday tuesday wednesday thursday friday saturday sunday today yesterday tonight earlier later again recently
""")
MONTHS = _words("""
    january february march april may june july august september october november december jan. feb. mar. apr. aug. sept.
    oct. nov. dec.
""")
ADJUNCT_STARTS = _words("""
    in on at during after before while when as via through by following with from last this earlier later for about to
    monday tuesday wednesday thursday friday saturday sunday today yesterday tonight recently again early late shortly over
    upon
""")
TITLES = _words("""
    mr mr. mrs mrs. ms ms. miss mx dr dr. prof prof. professor sir dame lord lady president vice prime minister senator sen
    sen. representative rep rep. congressman congresswoman gov gov. governor mayor judge justice chief secretary general gen
    gen. col col. colonel lt lt. lieutenant capt capt. captain sgt sgt. sergeant ambassador chairman chairwoman chair ceo
    officer detective king queen prince princess pope father rev rev. reverend former attorney speaker coach director
    commissioner sheriff spokesman spokeswoman spokesperson democrat republican democratic gop deputy assistant editor
    reporter correspondent analyst manager candidate nominee councilman councilwoman chancellor premier comrade imam rabbi
    cardinal bishop archbishop sens. reps. superintendent inspector constable adm. maj. commander cpl. pvt. founder author
    journalist anchor host lawyer actor actress singer rapper
""")
MALE_TITLES = _words("""
    mr mr. sir lord king prince congressman chairman spokesman councilman father pope
""")
FEMALE_TITLES = _words("""
    mrs mrs. ms ms. miss dame lady queen princess congresswoman chairwoman spokeswoman councilwoman actress
""")
MALE_ROLES = _words("""
    man father husband son brother uncle boyfriend businessman spokesman congressman chairman mogul tycoon king actor
    grandfather
""")
FEMALE_ROLES = _words("""
    woman mother wife daughter sister aunt girlfriend businesswoman spokeswoman congresswoman chairwoman actress queen
    grandmother
""")
PERSON_ROLES = _words("""
    spokesman spokeswoman spokesperson official officer adviser advisor aide minister president senator governor mayor
    leader chairman chairwoman chair director secretary candidate nominee executive analyst expert professor lawyer attorney
    judge source author editor reporter researcher scientist doctor economist strategist manager commissioner ambassador
    representative lawmaker congressman congresswoman operative owner founder coach player actor actress singer writer
    journalist host resident voter witness woman man mother father member chief speaker head captain detective sheriff
    prosecutor diplomat politician pollster consultant businessman mogul tycoon billionaire student teacher deputy counsel
    organizer activist person friend colleague insider supporter critic observer mom dad victim farmer worker premier
    chancellor king queen prince pope superintendent teenager boy girl
""")
GROUP_ROLES = _words("""
    officials police authorities experts sources aides advisers advisors spokesmen democrats republicans lawmakers critics
    supporters reporters researchers scientists analysts prosecutors leaders people voters economists pundits activists
    conservatives liberals lawyers attorneys others witnesses residents observers members executives investigators diplomats
    insiders historians doctors parents students teachers workers opponents allies journalists commentators some many
    several strategists operatives
""")
DOCUMENT_NOUNS = _words("""
    report study survey poll lawsuit complaint letter email memo document documents statement filing indictment affidavit
    law bill book article story editorial column paper analysis findings data statistics records research order act
    constitution resolution transcript ad advertisement website headline sign tweet post caption emails polls studies
    reports suit ruling opinion review
""")
ORG_WORDS = _words("""
    university college institute department agency committee commission council court party company corporation corp corp.
    inc inc. ltd ltd. group bank association foundation organization organisation union ministry office bureau board center
    centre congress senate house parliament campaign times post journal news press herald tribune network magazine media
    church school hospital society league club team assembly administration authority service federation coalition alliance
    trust fund force army navy police fbi cia nbc cnn abc cbs fox government states kingdom nations republic daily review
    guardian reuters politico breitbart street institution museum academy laboratory labs technologies systems industries
    partners holdings airlines motors international global americans citizens voting watch rights action project initiative
""")
IRREGULAR_PAST = _words("""
    came went got made took gave saw knew thought found left felt kept held stood heard let meant met paid ran sat sent
    spoke spent became began broke brought built bought caught chose cut did drew drove fell fought flew forgot grew had hit
    hurt lay led lost put rose sold set shot shut sang slept struck taught told threw understood woke wore won wrote ate
    drank stole swore tore
""")
PRESENT_VERBS = _words("""
    needs wants makes takes gives goes comes gets knows thinks feels seems appears remains becomes means shows tells
    believes supports faces deserves requires plans wins loses holds keeps lets leads helps works lives looks runs opposes
    agrees hopes expects represents need want make take give go come get know think feel seem appear remain become mean
    believe face deserve require agree expect
""")
TIMES_OF_DAY = _words("morning afternoon evening night")
