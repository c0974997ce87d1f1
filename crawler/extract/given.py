"""Given names, as a sign that a line of two or three words is a person and no section, button or place.

Left out is what is a place, a month or an everyday word as well: Paris, April, Will, Hope, Jordan, Chelsea.
"""

from __future__ import annotations

_NAMES = """
aaron abby abdul abdullah abel abigail adam adele adeline adrian adriana adrienne agata agnes agnieszka ahmad ahmed
aidan aisha aiden akira alain alan alba albert alberto alejandra alejandro aleksandar aleksander aleksandra aleksei
alena alessandra alessandro alex alexander alexandra alexandre alexandru alexey alexis alfonso alfred ali alice alicia
alina aline alisa alison alistair allan allison alyssa amanda amar amelia amelie amina amir amit amy ana anastasia
anders andrea andreas andreea andrei andreja andrej andres andrés andrew andrey andrzej andy angela angelika angelo
anita anja anjali ankit ann anna annabel anne annelies annette annika anthony antoine anton antonella antonia antonio
antónio arjun armando arnaud arnold aron arthur artur arturo arun asger asif astrid audrey augusto aurélie axel ayesha
ayşe barbara bart bartosz bas beata beate beatrice beatriz ben benedikt benjamin benoît bernard bernd bernhard bert
bertrand beth bethany betty bianca bill birgit birgitta bjarne björn bjørn bob bogdan boris brad bram brandon brenda
brendan brent brett brian bridget brigitte britta bruce bruno bryan burak caitlin camila camille candice carina carla
carlo carlos carmen carol carole carolin caroline carolyn carsten caspar catalina catherine cathy cecilia cecilie
cédric celia céline cem cesar césar charlene charles charlie chiara chloe chloé chris christa christel christian
christiane christina christine christoph christophe christopher cindy claes claire clara clare claudia claudine
claudio clemens clément cody colin colleen connie connor constance corentin corinna corinne cornelia craig cristian
cristiana cristina cristóbal curtis cynthia daan dagmar damian damien damir dan dana daniel daniela daniele daniella
danielle danny daria dario darius darko darren dave david davide dawid dean deborah debra deepak denis denise dennis
derek detlef devin diana diane dieter dietmar dimitri dimitris dino dirk dmitri dmitry dominic dominik dominika
dominique donald donna dora doris dorota dorothea dorothy doug douglas dusan dylan eberhard eddie edgar edith edoardo
eduard eduardo edward edwin eileen eirik elaine elena eleanor eleni eleonora eliana elias elif elin elina elisa
elisabeth elise eliza elizabeth ellen elliot ella ellie elsa emanuel emanuele emanuela emil emilia emilie emilio emily
emine emma emmanuel emmanuelle emre enrico enrique eric erica erich erik erika erin ernest ernst erwan esteban esther
estelle ethan eugene eugenia eun eva evan eve evelien evelyn ewa fabian fabiana fabien fabio fabrice fabrizio fatima
fatma federica federico felicia felicity felipe felix ferdinand fernanda fernando filip filippo finn fiona fleur
florian floriane francesca francesco francis francisca francisco franck franco francois françois françoise frank franz
fred frédéric frederic frederik frederick fredrik frida friederike friedrich fritz gabriel gabriela gabriele gabriella
gabrielle gareth gary gavin geert gemma geoff geoffrey george georges georgios gerald gerard gérard gerd gerhard gert
giacomo giada gianluca gianni gilles gillian gina giorgia giorgio giorgos giovanna giovanni gisela giulia giulio
giuseppe glenn gonzalo gordon götz grażyna graham greg gregor gregory greta grzegorz guido guillaume guillermo gülşen
gunnar gunther günter günther gustav gustavo guy hanna hannah hanne hannes hans harald harold harriet harry hasan
hassan heather hector héctor heidi heike heiko heiner heinrich heinz helen helena helene hélène helga helmut hendrik
henri henriette henrik henrique henry herbert hermann hilary hilde hiroshi holger horst howard hubert hugh hugo
humberto hussein hüseyin ian ibrahim ida ignacio igor ilaria ilse ilya imke imran inés ines inga inge ingeborg ingo
ingrid ioana ion ionut irena irene irina isaac isabel isabell isabella isabelle isha ismail istván ivan ivana ivo jaap
jack jackie jacob jacqueline jacques jaime jake jakob jakub jamal james jamie jan jana jane janet janice janina janine
janne jared jarosław jason javier jean jeanne jeannette jeff jeffrey jelena jennifer jenny jens jeremy jérôme jesper
jessica jesse jessie jill jim jimena jimmy jitka joachim joan joana joanna joanne joão joaquin joaquín jochen jody joe
joel joelle joep johan johann johanna johannes john johnny jon jonas jonathan joost jordi jörg jorge jos josé jose
josef josefina joseph josephine josh joshua josip joyce juan judith judy juha juho jukka jules julia julian juliana
julie julien juliet julieta juliette julio julius jurgen jürgen jussi justin justine justyna jutta kacper kai kaisa
kamil kamila karel karen karim karin karina karl karla karol karolina karoline karsten karthik kasper kasia katarina
katarzyna kate katharina katherine kathleen kathrin kathryn kathy katie katja katrin kay keith kelly ken kenneth kenji
kerstin kerry kevin khaled khalid kim kimberly kirsten kirsty kjell klaas klara klaus konrad konstantin kostas krishna
kristen kristin kristina kristine kristoffer krisztina krystyna krzysztof kurt kyle lara larissa larry lars lasse
laszlo lászló laura laure laurel lauren laurence laurent laurie lea léa leah leandro leigh lena lennart leo léo leon
leona leonard leonardo leonie leonor leszek letizia lewis liam lidia lieke lilian lily lina linda lindsay lindsey linn
linnea lionel lisa lise liv livia liz lloyd lorena lorenzo loreta lori lothar lotta lotte lou louis louisa louise luc
luca lucas lucia lucía lucie luciana luciano lucien lucile lucille lucy ludovic luigi luis luís luise luiz luka lukas
lukasz łukasz luke lutz lydia lynn maarten macarena maciej mackenzie maddalena madeleine magdalena magnus mahmoud
maike maja malgorzata małgorzata malin malte manfred manon manuel manuela mara marc marcel marcela marcelo marcin
marco marcos marcus marek margaret margarida margarita margaux margherita margit margot margret maria maría mariam
mariana marianna marianne marie mariella marieke marija marilyn marina mario marion maris marit mariusz marjorie
markus marlene marlies márta marta martha martin martina martine mary maryam mateo mateusz mathias mathieu mathilde
matías matt matteo matthew matthias matthieu matti mattia maureen maurice mauricio maurizio mauro maxim maxime
maximilian meera megan mehmet meike mel melanie melina melissa merete meret mette mia micha michael michaela michal
michał michala michel michela michele michelle miguel mihai mikael mike mikhail mikko mila milena milica milos miloš
mimi mina miranda miriam mirjam mirko mirosław misha mohamed mohammad mohammed mohit moira mona monica monika monique
morgan moritz morten muhammad murat mustafa nadia nadine nadja nancy naomi natalia natalie nataliya natasha nathalie
nathan neha neil nele nelly nelson neville niall nicholas nick nicky nico nicola nicolas nicole nicoleta niels nigel
nikhil nikita niklas niko nikola nikolai nikolaos nikolaus nikos nils nina nino nisha noah noel noelia noémie nora
norbert norma oana octavio ola olaf ole oleg olena olga olivia olivier oliver olle omar oriana oscar oskar osman
oswald ota otto owen pablo paige pamela panagiotis paola paolo pascal pascale patricia patricio patrick patrik
patrizia patryk paul paula paulina pauline paulo pavel pavol paweł pedro peggy pekka penelope perrine pete peter petr
petra petri phil philip philipp philippe phillip phoebe pia piero pierre pieter pietro pilar piotr pooja prakash
pranav pratik preeti priscilla priya przemysław rachel radek radosław rafael raffaele raffaella rahul rainer raj
rajesh ralf ralph ramón ramon randall randy raphael raphaël raquel rasmus raúl raul ravi ray raymond rebecca rebekah
regina reiner reinhard reinhold rémi rémy renata renate renato renaud rene rené renée rhys ricardo riccardo richard
rick rikke rita roald rob robert roberta roberto robin rocío rodney rodolfo rodrigo roel roger rohan rohit roland rolf
romain ron ronald ronny rosa rosalie rosanna rosario rosemary rosie ross roxanne roy ruben rubén rudi rudolf rui
rupert russell ruth ryan sabina sabine sabrina saeed said salma salvatore sam samantha sami samir samuel sander sandra
sandrine sandro sanjay sanna santi sara sarah sascha saskia satu scott sean séan sebastian sébastien selena selin
selina selma sergei sergey sergio serhiy seth shannon sharon shaun shawn sheila shelley sherry shirin shirley
siegfried sigrid silke silvia simon simona simone siobhan sofia sofie solveig sonia sonja sophia sophie søren sören
stacey stacy stan stanislav stanisław stefan stefania stefanie stefano steffen stella sten stephan stéphane stephanie
stéphanie stephen steve steven stewart stina stuart sue sunil suresh susan susana susann susanna susanne suzanne svein
sven svenja svetlana sybille sylvain sylvia sylvie sylwia tamara tami tania tanja tanya tara tariq tatiana tatjana ted
teemu teresa teresia terry tessa thea theo theodor theresa thérèse theresia thierry thijs thilo thomas thor thorsten
tiago tibor tiffany till tim timo timothy tina tobias todd tom tomas tomás tomáš tomasz tommaso tommy toni tonia tony
torben torsten tracy trevor tristan trond tuomas tyler udo ugo ulf ulla ulrich ulrik ulrike umberto ursula urszula ute
uwe valentin valentina valerie valérie valerio valeria vanessa vasilis vasile veit venla vera verena veronica veronika
véronique vicente vicky victor vijay vikram viktor viktoria ville vincent vincenzo vinícius violeta virginie viviana
vivian vivien vivienne vivek vladimir volker wagner walter waltraud wanda wayne wendy werner wesley wiebke wilfried
wilhelm willem william willy wim wojciech wolfgang xavier yann yannick yasmin yasmine yolanda youssef yuki yulia yuri
yusuf yves yvette yvonne zachary zahra zainab zbigniew zdeněk zeynep zoe zoé zofia zoltán zsuzsa zuzana carl clive
ciara deirdre nuala sinéad siobhán brigid malcolm norman hamish angus bjarke mads rune sindre håkon kåre ragnhild
sigurd reidar pål bård ádám álvaro ángel ángela åsa émilie éric élise élodie étienne jānis ozan özlem şebnem ömer
tânia thaís vítor nguyễn trần phạm lê huỳnh hoàng phan vũ đặng bùi hồ ngô dương agus andi bambang budi dewi eko fitri
hendra indra putri rizky siti wahyu yanti chen deng feng gao guo huang jiang jia li liang lin liu luo peng qian tang
wang wu xie xu yang yu yuan zhang zhao zheng zhou zhu takashi hiroko yoko kenta satoshi haruki naoko анна анастасия
александр александра алексей алена алина алла альберт анатолий андрей анжелика антон арина артем артём богдан борис
вадим валентина валерий валерия варвара василий вера вероника виктор виктория виталий владимир владислав вячеслав
геннадий георгий глеб григорий дарья денис дмитрий евгений евгения екатерина елена елизавета иван игорь илья инна
ирина карина кирилл константин ксения лариса леонид лидия любовь людмила максим маргарита марина мария михаил надежда
наталия наталья никита николай нина оксана олег олеся ольга павел петр пётр полина роман руслан светлана семен сергей
софья станислав степан тамара татьяна тимур юлия юрий яна ярослав андрій василь вікторія володимир галина дмитро євген
ірина катерина микола михайло наталія олександр олександра олексій олена петро сергій тарас тетяна юлія أحمد محمد
محمود علي حسن حسين خالد سمير سامي فاطمة مريم ليلى نور سارة عمر يوسف إبراهيم عبد مصطفى كريم هدى رانيا منى دينا ياسر
طارق وليد وائل زياد رامي ماجد جمال سعيد حسام أيمن هبة ريم لينا نادية سلمى خليل فادي جورج بسام عماد رضا مهدی زهرا فاطمه
علی محمدرضا امیر سید حسین نرگس مریم سعید مینا بهرام شیرین דוד משה יוסי יעל נועה שרה רון דני אבי מיכל יהודה עמית רועי
איתי טל גיל שירה תמר אורי עידו נדב יוסף חיים רותם μαρία γιώργος νίκος ελένη κώστας γιάννης δημήτρης κατερίνα σοφία
βασίλης παναγιώτης άννα ιωάννα χρήστος αλέξανδρος राम सुनील अनिल राजेश प्रिया अमित नेहा संजय पूजा विजय राहुल अंजलि
मनोज सुरेश
"""
_GIVEN = frozenset(_NAMES.split())


def is_given(word: str) -> bool:
    """Tell whether a word is a given name, or two with a stroke between: "Jean-Luc", "Anna-Lena"."""
    small = word.casefold().strip(".,")
    return small in _GIVEN or ("-" in small and small.partition("-")[0] in _GIVEN)
