"""Common forenames that point to one gender, written down for this project; of a name that is not here nothing is concluded."""

MALE = frozenset(
    """
    aaron adam adrian ahmed alan albert alejandro alex alexander alfred ali allen andrew andy anthony antonio arnold arthur
    barack barry ben benjamin bernard bernie bill bob boris brad bradley brandon brendan brent brett brian bruce bryan carl
    carlos chad charles charlie chris christian christopher chuck clarence clint colin corey craig dale damian dan daniel
    darrell darren dave david dean dennis derek dick dmitry don donald doug douglas dwight ed eddie edward edwin emmanuel
    enrique eric erik ernest ethan eugene evan felix fernando frank franklin fred frederick gabriel gareth gary gavin gene
    geoff geoffrey george gerald gerard giuseppe glenn gordon graham grant greg gregory guy hans harold harry hassan hector
    henry herbert howard hugh hugo ian ibrahim igor isaac ivan jack jacob jake james jamie jan jared jason javier jay jeff
    jeffrey jeremy jerome jerry jesse jim jimmy joe joel john johnny jon jonathan jorge jose joseph josh joshua juan julian
    justin karl keith ken kenneth kevin kyle lance larry laurence lawrence lee leo leon leonard lewis lindsey lionel lloyd
    louis lucas luis luke malcolm manuel marc marco marcus mario mark martin marvin matt matthew maurice max michael miguel
    mike mitch mitt mohamed mohammed muhammad munir narendra nathan neil nelson nicholas nick nigel norman oliver oscar otto
    owen pablo patrick paul pedro peter phil philip phillip pierre rafael ralph ramon randy raul ray raymond recep reince
    ricardo richard rick rob robert roberto rodney rodrigo roger ron ronald ross roy rudy rupert russell ryan salman sam
    samuel scott sean sebastian sergei sergey seth shane shawn sidney simon stanley stephen steve steven stuart ted terrence
    terry theodore thomas tim timothy todd tom tommy tony travis trevor troy tyler victor vincent vladimir volodymyr wayne
    walter warren wesley william winston xi zachary
""".split()
)

FEMALE = frozenset(
    """
    abigail agnes alexandra alice alicia alison allison amanda amber amelia amy ana andrea angela angelina anita ann anna
    anne annie april ashley audrey barbara beatrice becky bernadette beth betsy betty beverly bonnie brenda bridget brittany
    camilla candice carla carly carmen carol caroline carolyn catherine cathy cecilia charlotte chelsea cheryl christina
    christine cindy claire clara claudia colleen connie courtney crystal cynthia daisy danielle deborah debbie debra denise
    diana diane dolores donna dora doris dorothy edith eileen elaine eleanor elena elizabeth ella ellen emily emma erica
    erin esther eva evelyn fatima fiona florence frances francesca gabrielle gail georgia geraldine gina giorgia glenda
    gloria grace gwen hannah harriet heather heidi helen hilary hillary holly huma ingrid irene isabel isabella ivanka
    jackie jacqueline jane janet janice jasmine jean jeanne jennifer jenny jessica jill jo joan joanna jodi josephine joy
    joyce juanita judith judy julia juliana julie june kamala karen karin kate katherine kathleen kathryn kathy katie
    kayleigh kellyanne kelly kim kimberly kirsten kristen kristin kristina latoya laura lauren leah leslie lillian linda
    lisa liz liza lois loretta lori lorraine louise lucia lucy lydia lynn madeleine madison maggie marcia margaret maria
    marie marilyn marina marion marissa marjorie marlene martha mary maureen megan melania melanie melissa meredith mia
    michelle mildred miranda molly monica nadia nancy naomi natalia natalie natasha nicole nikki nina nora norma olga olivia
    pamela patricia patty paula pauline peggy penelope penny phyllis priscilla rachel rebecca regina renee rhonda rita
    roberta rosa rose rosemary ruth sabrina sally samantha sandra sara sarah sharon sheila sherry shirley silvia sonia
    sophia sophie stacey stephanie sue susan susanna suzanne sylvia tamara tammy tanya tara teresa theresa tiffany tina
    tracy ursula valerie vanessa vera veronica vicki victoria virginia vivian wendy whitney yolanda yvonne zoe
""".split()
)
