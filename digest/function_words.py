"""Words that say nothing by themselves: articles, prepositions, pronouns, auxiliary verbs. Pure."""

from __future__ import annotations

from functools import cache

from crawler.languages import primary
from digest.vectors import stems

_WORDS = {
    "en": """
        a about above across after again against all along also although am among an and another any are
        around as at away back be because been before behind being below between both but by can cannot could
        did do does doing done down during each either else even ever every few for from further get got had
        has have having he her here hers herself him himself his how however if in indeed into is it its
        itself just least less like made make many may me might more most much must my myself near neither
        never no nor not now of off often on once one only onto or other others our ours out over own per
        perhaps quite rather same shall she should since so some such than that the their theirs them
        themselves then there therefore these they this those though through thus till to together too toward
        towards under until up upon us very was we well were what whatever when where whether which while who
        whom whose why will with within without would yet you your yours mr mrs ms""",
    "de": """
        ab aber alle allem allen aller alles als also am an ander andere anderen anderer anderes auch auf aus
        außer bei beim bereits bis bisher da dabei dadurch dafür dagegen daher damit danach daneben dann daran
        darauf daraus darin darüber darum darunter das dass davon dazu dein dem den denen denn dennoch der
        deren derer des deshalb dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine
        einem einen einer eines er es etwa etwas euch euer für gegen habe haben hat hatte hatten hier hinter
        ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden jeder jedes
        jedoch jetzt kann kein keine keinem keinen keiner können könne könnte man mehr mein mit muss müssen
        musste nach nachdem neben nicht nichts noch nun nur ob oder ohne schon sehr sei seien sein seine
        seinem seinen seiner seit sich sie sind so solche sollen sollte sondern sowie über um und uns unser
        unter viel vom von vor während war waren warum was wegen weil welche wenn wer werde werden wie wieder
        will wir wird wo wohl wollen worden wurde wurden zu zum zur zwar zwischen""",
    "fr": """
        à afin ai ainsi alors après au aucun aucune aujourd aussi autre autres aux avait avaient avant avec
        avoir avons car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez comme contre
        dans de déjà depuis dernier derrière des dès donc dont du elle elles en encore entre est et était
        étaient été être eu eux fait font il ils jamais je jusqu la là le les leur leurs lors lorsque lui ma
        mais me même mes moins mon ne ni non nos notre nous on ont ou où par parce pas pendant peu peut
        peuvent plus plusieurs pour pourquoi puis quand que quel quelle quelques qui quoi sa sans se selon
        sera serait ses si soit son sont sous sur ta tandis tous tout toute toutes très trop tu un une vers
        vos votre vous y""",
    "es": """
        a al algo algunas algunos ante antes aquel aquella así aún aunque bajo bien cada casi como con contra
        cual cuando de del desde donde dos durante e el él ella ellas ellos en entonces entre era eran es esa
        esas ese eso esos esta está están estas este esto estos fue fueron ha había habían hace han hasta hay
        la las le les lo los luego más me mi mientras mis muy nada ni no nos nosotros nuestra nuestro o otra
        otras otro otros para pero poco por porque pues que qué quien quienes se sea según ser si sí sido sin
        sino sobre son su sus también tan tanto tiene tienen toda todas todo todos tras tu un una unas uno
        unos y ya yo""",
    "pt": """
        à ainda ao aos apenas após aquela aquele as às assim até cada com como contra da das de dela dele
        depois desde do dos durante e é ela elas ele eles em entre era eram essa esse esta está estão este eu
        foi foram há isso isto já lhe mais mas me mesmo meu minha muito na nas nem no nos não nossa nosso o
        onde os ou outra outras outro outros para pela pelas pelo pelos pois por porque qual quando que quem
        se sem ser será seu seus sido sob sobre sua suas também tão tem têm toda todas todo todos um uma umas
        uns você""",
    "it": """
        a ad ai al alla alle allo anche ancora avere aveva avevano c che chi ci come con contro così cui da
        dai dal dalla dalle degli dei del della delle dello dentro di dopo dove due durante e ed era erano
        essere fa fino fra gli già ha hanno i il in invece io l la le lei lo loro lui ma mentre mi molto ne
        negli nei nel nella nelle no noi nostra nostro non o ogni oltre ora per perché però più poi prima può
        qual quale quando quanto quella quelle quello questa queste questi questo qui quindi se sempre senza
        si sia sono sopra sotto stata state stati stato su sua sue sugli sui sul sulla suo suoi tra tutta
        tutte tutti tutto un una uno verso vi""",
    "ru": """
        а без более бы был была были было быть в вам вас ведь весь во вот все всё всего всей всем всех вы где
        да даже для до его ее её если есть еще ещё же за здесь и из или им ими их к каждый как какой когда
        которая которого которое которой котором которому которую которые который которым которых кто куда ли
        либо лишь между меня мне много может можно мой мы на над надо нам нас наш не него нее неё нет ни
        нибудь них но ну о об однако он она они оно от очень перед по под после потом потому почему при про
        раз с сам свои свой свою себя со так также такие такой там те тем теперь то тогда того тоже той только
        том тому ту ты у уже хотя чего чей чем через что чтобы чье эта эти этим этих это этого этой этом этому
        этот эту я""",
    "uk": """
        а або адже без би бо був буде будуть була були було бути в вам вас весь вже ви від вона вони воно все
        всі всіх де для до є ж з за зі і із інших її їй їм їх його й коли кожен котрий крім лише між мене ми
        може можна на навіть над нам нас наш не нею неї ні них ним ніж о об однак він от перед після по поки
        понад потім при про протягом саме себе серед сам свій свої свою та так такий також там те теж ти тим
        тих то тоді того тому той тільки у хоча хто це цей цих цього цьому ця ці через чи чим що щоб як яка
        яке який якщо які яких якій якої яку""",
    "ar": """
        في من على إلى عن مع أن إن أنه أنها إنه إنها هذا هذه ذلك تلك هؤلاء الذي التي الذين اللذين ما لا لم لن
        ليس ليست قد لقد كان كانت كانوا يكون تكون هو هي هم هن نحن أنا أنت أو أم ثم بل لكن ولكن حتى إذا إذ لو
        كما كل بعض غير سوى بين بعد قبل عند عندما منذ خلال حول ضد لدى أي أيضا فيها فيه منها منه عليها عليه
        إليها إليه لها له لهم بها به بهم عنها عنه وهو وهي وقد وأن وإن فإن ولا ولم وكان وكانت وفي ومن وعلى وإلى
        ومع الى ان""",
    "fa": """
        و در به از که این آن با را برای تا بر هم نیز یا اما اگر هر همه چه چون پس پیش بین میان روی زیر بود
        بودند باشد باشند است هست هستند شد شده شدند شود می های ها خود او وی ما شما آنها آن‌ها ایشان من تو یک دو
        دیگر بی هیچ نه ولی بلکه چنین همین همان طور باید توان کرد کرده کردند کند کنند داد داده دارد دارند داشت""",
    "tr": """
        ama ancak arasında bazı ben bile bir biz bu bunu bunun çok çünkü da daha de değil diye gibi göre hem
        her için ile ise kadar ki mi mu ne nasıl o olan olarak oldu olduğu onlar onun sadece sen siz sonra şu
        tarafından tüm üzere ve veya ya yani yok""",
    "id": """
        ada adalah agar akan antara apa atas atau bagi bahwa banyak belum bisa dalam dan dapat dari dengan di
        dia hanya harus hingga ia ini itu jika juga kami karena ke kepada kita lain lebih maka mereka namun
        oleh pada para pun saat saja sampai saya sebagai secara sehingga sejak sekitar selama semua seperti
        serta setelah sudah tak tapi telah tentang terhadap tersebut tidak untuk yang""",
    "ko": "그 이 저 것 수 등 및 또 또한 더 하는 하고 한 할 있는 있다 있고 없는 없다 대한 대해 위해 통해 따라 때문",
    "hi": """
        का के की में से को पर है हैं था थी थे और एक यह वह ये वे इस उस इन उन कि जो तो भी ही ने नहीं लिए साथ बाद
        तक कर करने किया गया गई गए हो होने रहा रही रहे अपने अपनी कुछ या अगर लेकिन जब तब क्या कोई सभी""",
}


@cache
def function_words(language: str) -> frozenset[str]:
    """List a language's function words as the stems by which texts are compared."""
    return frozenset(stems(_WORDS.get(primary(language), ""), language))
