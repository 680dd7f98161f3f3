"""Words that change what a sentence says: negations and numbers, in the languages of our readers.

The lists err on the side of length: a word on them makes a quotation that differs in it "not
found" instead of "approximate", which costs a reader one look at the source.
"""

_NEGATIONS = """
    no not non none nor neither never nobody nothing nowhere without cannot except excluding
    unless
    hardly barely scarcely only minus lack lacks lacking fail fails failed refuse refuses
    refused
    deny denies denied prohibited forbidden void ain't

    nicht kein keine keinen keinem keiner keines nie niemals niemand nichts nirgends ohne
    weder noch
    außer ausser ausgenommen untersagt verboten kaum nur mitnichten keinesfalls keineswegs
    ne n pas non jamais sans aucun aucune ni rien nul nulle personne sauf
    no nunca sin ni jamás ningún ninguna ninguno nada nadie tampoco salvo excepto
    non mai senza né nessun nessuno nessuna niente nulla neppure
    niet geen nooit zonder noch niets niemand
    não nunca sem nem nenhum nenhuma nada ninguém
    nie nigdy bez ani żaden żadna nikt nic
    ikke ingen intet uden inte aldrig utan ei
    не нет ни никогда нельзя без никто ничто ничего никакой кроме
    لا لم لن ليس ليست ليسوا غير دون بدون عدم ولا فلا ولم فلم ولن ولیس وليس كلا سوى إلا بلا
    لست ما
    לא אין אל בלי ללא בלתי אינו אינה אינם מלבד
    नहीं न ना मत बिना सिवाय
    değil yok hiç asla olmadan
    안 못 않는 않은 않다 않고 없는 없다 없이 없음 아니 아닌 아니다
"""
NEGATIONS = frozenset(_NEGATIONS.split())

NEGATING_SIGNS = frozenset("不没沒無无非未勿莫否禁别別拒毋")
"""Characters that negate in Chinese and Japanese; in unspaced text each is a word by itself."""

NEGATING_ENDINGS = (
    "n't",
    "less",
    "los",
    "lose",
    "losen",
    "loser",
    "loses",
    "frei",
    "ない",
    "ません",
)
NEGATING_BEGINNINGS = (
    "un", "in", "im", "il", "ir", "non", "dis", "mis", "anti", "a", "nicht", "не", "غير",
)  # fmt: skip

_NUMBERS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety hundred
    hundreds thousand thousands million millions billion billions trillion dozen half third
    quarter
    quarters first second fourth fifth sixth seventh eighth ninth tenth once twice thrice
    double
    triple single both percent

    null ein eins eine einen einem einer eines zwei drei vier fünf sechs sieben acht neun
    zehn elf
    zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig
    vierzig
    fünfzig sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde
    milliarden
    halb halbe hälfte drittel viertel erste ersten erster zweite zweiten dritte dritten
    vierte
    vierten einmal zweimal dreimal doppelt dutzend
    un une deux trois quatre cinq sept huit neuf dix onze douze quinze vingt trente quarante
    cinquante soixante cent mille premier première deuxième troisième moitié tiers quart
    uno dos tres cuatro cinco seis siete ocho nueve diez veinte treinta cien ciento mil
    millón
    millones primero segundo tercero mitad
    واحد واحدة اثنان اثنين ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني تسعة
    تسع عشرة
    عشر عشرون عشرين ثلاثون ثلاثين أربعون أربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون
    ثمانين
    تسعون تسعين مائة مئة مائتان مئتان مائتين ألف ألفان ألفين آلاف مليون ملايين مليار نصف ثلث
    ربع
    الأول الأولى الثاني الثانية الثالث الثالثة الرابع الرابعة الخامس شهر شهران شهرين يوم
    يومان يومين
    سنة سنتان سنتين عام عامان عامين
"""
NUMBERS = frozenset(_NUMBERS.split())

NUMBER_SIGNS = frozenset("〇零一二三四五六七八九十百千万萬亿億两兩半壹贰叁肆伍陆柒捌玖拾佰仟")
"""Characters that are numbers in Chinese and Japanese."""

_SMALL = """
    a an the this that these those it its he she they we you his her their our your such any
    each all
    some every which who whom whose what when where while if and or but so as at by for from
    in into
    of on to with than then there here is are was were be been being has have had do does
    did shall
    will may must can could should would also however
    der die das den dem des dieser diese dieses es er sie wir und oder aber auch als wie
    wenn dass zu
    zur zum von vom mit bei nach aus auf an am im in für über unter ist sind war wird werden
    hat
    le la les l d de du des et ou que qui est sont el los las y o en es son
"""
SMALL_WORDS = frozenset(_SMALL.split())
"""Words that are no names, even with a capital at the start of a sentence."""
