"""Invents sentences of several languages and keeps which of them are a page's text, and which its furniture."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from html import escape

_WHO = {
    "en": "The harbour office|A group of engineers|The mayor of Ostby|Residents of the old quarter|The ferry company|"
    "Two judges|The weather service|An association of bakers|The regional museum|Teachers at the upper school",
    "de": "Das Hafenamt|Eine Gruppe von Ingenieuren|Die Bürgermeisterin von Ostby|Die Bewohner der Altstadt|"
    "Die Reederei|Zwei Richterinnen|Der Wetterdienst|Der Verband der Bäcker|Das Heimatmuseum",
    "ru": "Портовое управление|Группа инженеров|Мэр города|Жители старого квартала|Паромная компания|"
    "Областной суд|Метеослужба|Союз пекарей|Краеведческий музей",
    "ar": "مكتب الميناء|مجموعة من المهندسين|رئيس البلدية|سكان الحي القديم|شركة العبارات|هيئة الأرصاد|اتحاد الخبازين",
    "zh": "港务办公室|一组工程师|奥斯比市长|老城区居民|轮渡公司|两名法官|气象部门|面包师协会|地方博物馆",
}
_SAYS = {
    "en": "said on {d} that|told the council that|warned in letter {n} that|found after {n} months that|confirmed that",
    "de": "teilte am {d}. mit, dass|erklärte dem Rat, dass|warnte in Schreiben {n}, dass|bestätigte, dass",
    "ru": "сообщило {d} числа, что|пояснило совету, что|предупредило в письме {n}, что|подтвердило, что",
    "ar": "قال يوم {d} إن|أوضح للمجلس أن|حذر في الرسالة {n} من أن|أكد أن",
    "zh": "{d}日表示，|告诉市议会，|在第{n}号信中警告说，|确认，",
}
_WHAT = {
    "en": "the north quay has to be rebuilt within {n} weeks|{n} loaves a day are no longer enough|the winter "
    "timetable keeps {n} crossings|the roof of hall {n} lets in water|a new bridge would cost {n} million|school {n} "
    "stays closed until the boiler is mended|nobody was hurt when crane {n} gave way|"
    "the river rose by {n} centimetres overnight",
    "de": "der Nordkai binnen {n} Wochen erneuert werden muss|täglich {n} Brote nicht mehr reichen|der Winterfahrplan "
    "{n} Überfahrten behält|das Dach der Halle {n} undicht ist|eine neue Brücke {n} Millionen kosten würde|der Fluss "
    "über Nacht um {n} Zentimeter gestiegen ist",
    "ru": "северный причал нужно обновить за {n} недель|{n} буханок в день уже не хватает|зимой останется {n} "
    "рейсов|крыша зала {n} протекает|новый мост обойдётся в {n} миллионов|река поднялась за ночь на {n} сантиметров",
    "ar": "الرصيف الشمالي يحتاج إلى {n} أسبوعا من العمل|الجسر الجديد سيكلف {n} مليونا|"
    "النهر ارتفع {n} سنتيمترا خلال الليل|جدول الشتاء يبقي على {n} رحلة|المدرسة رقم {n} ستبقى مغلقة",
    "zh": "北码头必须在{n}周内重建|每天{n}个面包已经不够|冬季时刻表保留{n}个航次|第{n}号大厅的屋顶漏水|"
    "新桥将耗资{n}百万|河水一夜之间上涨了{n}厘米",
}
_AND = {"en": ", and ", "de": " und ", "ru": ", а ", "ar": "، وإن ", "zh": "，"}
LANGUAGES = tuple(_WHO)


@dataclass(slots=True)
class Page:
    """A page that is being made, and what is known of its lines."""

    draw: random.Random
    language: str
    text: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    title: str = ""

    def sentence(self) -> str:
        """Invent a sentence."""
        draw, tongue = self.draw, self.language
        who, says, what = (draw.choice(each[tongue].split("|")) for each in (_WHO, _SAYS, _WHAT))
        more = draw.choice(_WHAT[tongue].split("|"))
        tail = _AND[tongue] + more if more != what and draw.random() < 0.5 else ""
        space, end = ("", "。") if tongue == "zh" else (" ", ".")
        whole = f"{who}{space}{says}{space}{what}{tail}{end}"
        while "{" in whole:
            whole = whole.replace("{n}", str(draw.randint(2, 9_000)), 1).replace("{d}", str(draw.randint(1, 28)), 1)
        return whole

    def prose(self, sentences: int) -> str:
        """Invent a paragraph."""
        return ("" if self.language == "zh" else " ").join(self.sentence() for _ in range(sentences))

    def label(self, size: int) -> str:
        """Invent a few words without a stop."""
        whole = self.sentence()[:-1]
        if self.language == "zh":
            return whole[: max(4, size // 2)]
        return whole[:size].rsplit(" ", 1)[0].rstrip(",")

    def own(self, line: str) -> str:
        """Write a line of the text."""
        self.text.append(line)
        return escape(line, quote=False)

    def foreign(self, line: str) -> str:
        """Write a line of what is not the text."""
        self.furniture.append(line)
        return escape(line, quote=False)
