"""The reporting verbs of English news as one table.

A line is `lemma [particle]: class patterns [past participle]`, the last two for irregular verbs. Patterns, one letter each:
t "that" clause, b clause without "that", q quotation, n noun phrase as the words conveyed, i infinitive ("vowed to …"), o object and
infinitive ("urged X to …"), f object and of/for ("accused X of …"), s object and "as" ("described X as …"), c object and complement
("called X Y"), w addressee before the words ("told X that …"), h thought, not speech.
"""

TABLE = """
say: say tbq said said
tell: say tbqow told told
add: say tbq
note: say tbq
write: say tbq wrote written
report: say tbqn
announce: say tbqn
suggest: claim tbqn
tweet: say tbqn
argue: claim tbqn
continue: say q
describe: say sqn
call: say cq
call for: demand n
call on: demand no
explain: say tbqn
accuse: accuse f
acknowledge: say tbqn
declare: say tbqnc
criticize: accuse nq
criticise: accuse nq
urge: demand oqt
cite: say nq
recall: say tbqn
respond: say qt
respond with: say n
conclude: say tbq
claim: claim tbqin
reply: say qtb
propose: demand nqi
praise: praise nq
warn: warn tbqw
warn of: warn n
warn about: warn n
warn against: warn n
state: say tbq
promise: promise tbqin
insist: claim tbq
insist on: demand n
reveal: say tbqn
predict: claim tbqn
pledge: promise tbqin
vow: promise tbqin
question: ask qn
dismiss: deny snq
blame: accuse nf
post: say qt
point out: say tbq
point to: say n
admit: say tbqn
indicate: say tbqn
deny: deny tbqn
express: say n
confirm: say tbqn
blast: accuse nsq
assure: promise tbqw
mock: accuse nsq
refer to: say s
put it: say q put put
reiterate: say tbqn
denounce: accuse nsq
assert: claim tbqn
concede: say tbqn
decry: accuse nq
charge: accuse tbq
lament: say tbqn
complain: accuse tbq
complain about: accuse n
complain of: accuse n
joke: say tbq
remind: say twq
remark: say tbq
emphasize: say tbqn
emphasise: say tbqn
stress: say tbqn
repeat: say tbqn
shout: say qn
chant: say qn
ask: ask qow
ask for: demand n
ask about: ask n
ask whether: ask n
ask if: ask n
wonder: ask q
allege: accuse tbqn
read: say q read read
condemn: accuse nq
threaten: warn ti
testify: say tbq
answer: say qtb
counter: deny qtb
boast: claim tbq
brag: claim tbq
imply: claim tbqn
contend: claim tbq
maintain: claim tbqn
advise: demand otq
recommend: demand tbqn
demand: demand tqn
caution: warn tbqw
caution against: warn n
echo: say qn
elaborate: say q
exclaim: say tbq
inform: say twb
disclose: say tbqn
detail: say n
outline: say n
highlight: say nt
mention: say tbqn
observe: say tbq
opine: say tbq
quip: say tbq
quote: say q
recount: say qnt
relate: say tq
retort: say qt
scold: accuse q
signal: say tbn
summarize: say q
summarise: say q
tout: praise nsq
yell: say q
text: say q
message: say qw
email: say q
blog: say tq
publish: say n
estimate: claim tbqn
find: claim tb found found
show: claim tb showed shown
learn: claim tb
confess: say tbq
confide: say tbq
interject: say q
muse: say tbq
hint: say tbq
plead: demand qo
begin: say q began begun
agree: say tbq
think: claim htbq thought thought
believe: claim htbq
hope: claim htbiq
fear: claim htbn
feel: claim htbq felt felt
expect: claim htbo
suspect: claim htb
know: claim htb knew known
want: demand hio
consider: claim hco
doubt: deny htb
worry: warn htbq
decide: say hti
realize: claim htb
understand: claim htb understood understood
view: claim hs
see: claim hs saw seen
regard: claim hs
swear: promise tbqi swore sworn
speculate: claim tbq
theorize: claim tbq
clarify: say tbqn
specify: say tbn
stipulate: demand t
certify: claim tn
label: accuse cqs
dub: say cq
brand: accuse cqs
slam: accuse nsq
hail: praise nsq
laud: praise nsq
applaud: praise nq
commend: praise nq
thank: praise fq
apologize for: say n
apologise for: say n
appeal for: demand n
appeal to: demand o
object to: deny n
speak of: say n spoke spoken
speak out: say q spoke spoken
go on: say q went gone
chime in: say q
fire back: say q
shoot back: say q shot shot
hit back: say q hit hit
argue for: demand n
argue against: deny n
lie about: claim n
testify about: say n
request: demand nt
order: demand o
instruct: demand o
implore: demand oq
beg: demand oq
encourage: demand oq
invite: demand o
challenge: demand o
press: demand o
beseech: demand o besought besought
refuse: deny i
decline: deny i
offer: promise iqn
apologize: say q
volunteer: say qt
reason: claim q
rule: claim tb
hold: claim t held held
acquit: say n
affirm: say tbqn
attest: say tb
profess: claim tbin
proclaim: say tbqn
preach: say qn
lecture: say q
rant: say q
rave: say q
gush: praise q
whisper: say q
mutter: say q
murmur: say q
scream: say q
cry: say q
sigh: say q
laugh: say q
grumble: say tq
gripe: accuse tbq
fume: accuse q
rail against: accuse n
vent: accuse q
sum up: say q
weigh in: say q
spell out: say n spelled spelled
make clear: say t made made
stand by: say n stood stood
acknowledge to: say t
commit: promise i
ponder: ask q
inquire: ask q
query: ask q
prophesy: claim tbq
forecast: claim tbqn forecast forecast
project: claim tb
calculate: claim tb
surmise: claim tb
cheer: praise qn
toast: praise n
welcome: praise n
reject: deny nqs
rebut: deny nq
refute: deny nq
dispute: deny nt
disavow: deny n
contradict: deny n
repudiate: deny n
renounce: deny n
defend: claim snq
endorse: praise n
support: praise n
oppose: deny n
advocate: demand n
back: praise n
favor: praise n
ridicule: accuse nsq
attack: accuse nsq
deride: accuse snq
characterize: claim sq
characterise: claim sq
portray: claim s
depict: claim s
cast: claim s cast cast
paint: claim s
deem: claim cq
term: say cq
compare: claim n
liken: claim n
flag: say tn
alert: warn wt
notify: say wt
brief: say w
convince: say wto
persuade: say wto
teach: say wt taught taught
record: say t
document: say tn
list: say ns
name: say ns
identify: say s
tease: say tq
plug: praise n
retweet: say nq
share: say nq
"""

# Followed by these, a form of the verb is no act of speech: "called off the trip", "added to the cost".
OTHER_SENSES: dict[str, frozenset[str]] = {
    "call": frozenset({"off", "up", "in", "home", "back", "over", "upon"}),
    "add": frozenset({"to", "up"}),
    "point": frozenset({"at"}),
    "tell": frozenset({"apart"}),
    "read": frozenset({"about", "up"}),
    "report": frozenset({"to", "for"}),
    "begin": frozenset({"to", "with", "in", "on", "at"}),
    "continue": frozenset({"to", "with", "in", "on", "for", "at", "through", "until"}),
    "charge": frozenset({"with", "for"}),
    "back": frozenset({"away", "down", "off", "up", "out"}),
    "find": frozenset({"out", "himself", "themselves", "herself", "itself"}),
    "hold": frozenset({"back", "on", "up", "off"}),
    "show": frozenset({"up", "off"}),
    "rule": frozenset({"out"}),
}

# Their third person is as often a plural noun: "claims", "questions", "states".
NOUN_LEMMAS = frozenset(
    "claim state question document attack rule demand promise report call note charge estimate request comment show record list name "
    "support offer forecast project brief plan answer challenge order label post tweet text email message signal press view fear hope "
    "doubt worry cast shout cry laugh sigh joke quip rant lecture remark address find back reason vow pledge threat dispute press".split()
)
