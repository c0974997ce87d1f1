from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records import Article
from digest.pronouns import leans
from digest.summary import news, summarise

STORM = (
    "A storm hit the coast of Brittany in the night and killed three people.\n"
    "By Anna Meyer\n"
    "Source: Example News Agency\n"
    "Heavy damage\n"
    "Rescue workers in Brest said that the harbour was flooded up to the town hall.\n"
    "Schools in the whole region stay closed until the end of the week.\n"
    "(Reporting by Anna Meyer in Brest for the example news desk.)\n"
    "Read more about the storm and its damage on our page of the day.\n"
    "Write to the desk at desk@news.example if you know more of this storm."
)
STORM_TOO = (
    "Three people were killed when a storm hit the coast of Brittany in the night.\n"
    "The prime minister promised help to all families that lost their homes."
)


def article(text: str, id_: int = 1, language: str = "en", title: str = "Storm hits Brittany") -> Article:
    return Article(f"http://a.example/{id_}", "a", title, text, language=language, id=id_)


def texts(*articles: Article, **options: object) -> list[str]:
    return [sentence.text for sentence in summarise(articles, **options)]  # type: ignore[arg-type]


def test_sentences_stand_word_for_word_in_the_article_they_name():
    given_ = {1: article(STORM, 1), 2: article(STORM_TOO, 2)}

    found = summarise(list(given_.values()))

    assert 2 <= len(found) <= 3
    assert all(sentence.text in given_[sentence.article].text for sentence in found)


def test_the_same_is_not_said_twice():
    found = texts(article(STORM, 1), article(STORM_TOO, 2), sentences=4)

    assert sum("storm hit the coast" in text for text in found) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Prosecutors in Brest searched the offices of the harbour board on Monday and took 60 boxes of papers.",
            "Offices of the harbour board in Brest were searched by prosecutors.",
        ),
        (
            "检察官周一搜查了布雷斯特港务局的办公室，并带走了60箱文件和三台电脑。",
            "布雷斯特港务局的办公室周一被检察官搜查。",
        ),
    ],
)
def test_a_short_sentence_that_stands_mostly_in_a_longer_one_is_not_said(one: str, other: str):
    assert len(texts(article(one, 1, title=""), article(other, 2, title=""))) == 1


def test_a_sentence_of_which_a_title_says_all_is_not_said():
    said = "The storm hit the coast of Brittany in the night and killed three people."

    found = texts(article(f"{said}\n{STORM_TOO}", title="Storm hits coast of Brittany in the night and kills three"))

    assert found
    assert said not in found


def test_bylines_credits_headings_and_notes_of_the_house_are_left_out():
    found = texts(article(STORM), sentences=9)

    assert found == [STORM.splitlines()[0], *STORM.splitlines()[4:6]]


def test_the_title_is_not_its_own_summary():
    title = "A storm hit the coast of Brittany in the night and killed three people."

    assert title not in texts(article(STORM, title=title), sentences=9)


def test_what_is_known_is_not_said_again():
    known = ["A storm hit the coast of Brittany last night, killing three people."]

    found = texts(article(STORM, 1), article(STORM_TOO, 2), sentences=9, known=known)

    assert found
    assert not any("storm hit the coast" in text for text in found)


def test_what_two_articles_say_comes_before_what_one_says():
    shared = "The harbour of Brest is closed to all ships until the wind has fallen, the port authority said."
    own = "A reporter of this paper saw many gulls and two dogs on the empty pier before the rain came down."
    one, two = (
        article(f"{own}\n{shared}", 1),
        article(f"{shared}\nNobody was on the ferries when they were tied up.", 2),
    )

    assert texts(one, two, sentences=1) == [shared]


def test_a_sentence_with_a_number_that_was_not_told_is_news():
    told = "The storm in Brittany has killed three people, according to the prefect of the region."
    now = "The storm in Brittany has killed 12 people, according to the prefect of the region."

    assert [line.text for line in news([article(now, 2)], [article(told, 1)], [])] == [now]
    assert news([article(told, 2)], [], [told]) == ()


def test_news_is_what_neither_readers_were_told_nor_earlier_articles_say():
    before = article(STORM, 1)
    fresh = article(f"{STORM}\nThe army sent 200 engineers with boats and pumps to the flooded quarter of the town.", 2)

    assert [line.text for line in news([fresh], [before], [])] == [fresh.text.splitlines()[-1]]


@pytest.mark.parametrize(
    ("language", "told", "more", "short"),
    [
        (
            "ru",
            "Паром затонул у острова Келп в понедельник, погибли 12 человек, сообщила береговая охрана.",
            "Число погибших при крушении парома у острова Келп выросло до 19, сообщили во вторник власти.",
            "Капитан парома арестован в Сундхавене.",
        ),
        (
            "zh",
            "周一一艘渡轮在海带岛附近沉没，造成12人死亡，海岸警卫队说。",
            "海岸警卫队周二表示，海带岛附近渡轮沉没事故死亡人数升至19人。",
            "船长已经被捕入狱。",
        ),
    ],
)
def test_a_short_new_fact_is_news_beside_longer_ones(language: str, told: str, more: str, short: str):
    fresh = article(f"{more}\n{short}", 2, language, "")

    assert [line.text for line in news([fresh], [article(told, 1, language, "")], [])] == [more, short]


def test_a_short_fact_is_told_where_no_longer_sentence_is_left():
    told = "The captain was arrested in Brest on Tuesday."

    assert texts(article(f"{STORM.splitlines()[0]}\n{told}")) == [STORM.splitlines()[0], told]


def test_what_was_changed_at_the_end_of_a_long_text_is_news():
    long = "\n".join(f"The council of town number {number} heard the mayor and 40 guests." for number in range(400))
    more = "The mayor was arrested on Tuesday."

    assert [line.text for line in news([article(f"{long}\n{more}")], [], [], {1: long})] == [more]
    assert news([article(long)], [], [], {1: f"{long}\n{more}"}) == ()


def test_a_long_summary_is_not_made_longer():
    long = [
        f"The council of town {number} " + " ".join(f"word{number}{i}" for i in range(50)) + "." for number in range(4)
    ]

    assert len(texts(article("\n".join(long), title=""), sentences=9)) == 1


def test_sentences_of_several_articles_come_in_the_order_of_the_articles():
    found = summarise([article(STORM_TOO, 2), article(STORM, 1)], sentences=4)

    assert [sentence.article for sentence in found] == sorted((s.article for s in found), reverse=True)


CHINESE = (
    "来源：示例通讯社\n外长周一在北京表示，两国将在能源领域加强合作，并签署新的协议。"
    "他说：“我们欢迎各国企业参与。”责任编辑：张三\n分析人士认为，新的协议将降低未来三年的天然气价格！"
)
ARABIC = (
    "قال وزير الخارجية يوم الاثنين إن البلدين سيعززان التعاون في مجال الطاقة. "
    "هل ستنخفض أسعار الغاز في الأعوام الثلاثة المقبلة كما يتوقع المحللون؟\nالمصدر: وكالة المثال للأنباء العربية اليوم."
)


@pytest.mark.parametrize(("text", "language"), [(CHINESE, "zh"), (ARABIC, "ar")])
def test_other_scripts_are_summarised(text: str, language: str):
    found = texts(article(text, language=language, title=""), sentences=2)

    assert len(found) == 2
    assert all(sentence in text for sentence in found)
    assert not any(mark in sentence for sentence in found for mark in ("来源", "责任编辑", "المصدر"))


def test_the_same_is_not_said_twice_in_chinese():
    one = article(
        "台风周一夜间袭击海云省沿海地区，造成三人死亡，数千户居民断电。学校将停课到周末。", 1, "zh", "台风袭击海云"
    )
    two = article(
        "台风周一夜间袭击海云省沿海地区，已造成三人死亡，数千户断电。省政府向受灾家庭发放救济款四百万元。",
        2,
        "zh",
        "台风",
    )

    found = texts(one, two)

    assert sum("三人死亡" in text for text in found) == 1
    assert any("四百万元" in text for text in found)


def test_news_are_told_in_chinese_down_to_a_number():
    told = "台风周一夜间袭击海云省沿海地区，造成3人死亡，数千户居民断电。"
    now = article(f"{told.replace('3人', '12人')}\n{told}", 2, "zh", "台风")

    assert [line.text for line in news([now], [], [told])] == [told.replace("3人", "12人")]


THAI = (
    "เรือข้ามฟากล่มใกล้เกาะเคลป์เมื่อวันจันทร์ มีผู้เสียชีวิต 12 คน ยามฝั่งกล่าว เรือมีผู้โดยสาร 140 คน และกำลังมุ่งหน้าไปซันด์เฮเวนท่ามกลางหมอกหนา"
)


def test_texts_whose_sentences_end_with_a_space_are_summarised():
    assert texts(article(f"อุบัติเหตุ\n{THAI}", language="th", title="เรือล่ม"), sentences=1) == [
        "เรือข้ามฟากล่มใกล้เกาะเคลป์เมื่อวันจันทร์ มีผู้เสียชีวิต 12 คน ยามฝั่งกล่าว"
    ]


def test_a_quotation_stands_whole_in_a_summary_or_not_at_all():
    quotation = "“中方坚决反对将经贸问题政治化、武器化。我们将采取必要措施，坚定维护中国企业的正当合法权益。”"
    endless = "发言人说：“" + "这一错误做法严重扰乱了国际经贸秩序，损害了各国企业的利益。" * 20

    found = texts(article(f"毛宁星期一在北京表示：{quotation}\n{endless}", language="zh", title="毛宁"), sentences=9)

    assert f"毛宁星期一在北京表示：{quotation}" in found
    assert not any("发言人说" in sentence for sentence in found)


def test_a_text_without_sentences_has_no_summary():
    assert summarise([]) == ()
    assert summarise([article("")]) == ()
    assert summarise([article("Weather\nSport\nLogin")]) == ()


@settings(max_examples=60)
@given(st.lists(st.text(max_size=200), max_size=4), st.sampled_from(["en", "zh", "ar", "xx", ""]))
def test_any_text_is_read_and_nothing_is_made_up(given_: list[str], language: str):
    articles = {number: article(text, number, language) for number, text in enumerate(given_, 1)}

    for sentence in summarise(list(articles.values()), sentences=3):
        assert sentence.text in articles[sentence.article].text


BRIDGE = (
    "The Karun gorge bridge, 640 metres long, opened on Friday, and the route to Bela becomes 42 kilometres shorter.\n"
    "The transport minister attended. Villagers complained of dust and noise, and of cracked houses.\n"
    "It cost 310 million."
)
BRIDGE_TOO = (
    "The minister of transport opened a new 640-metre bridge over the Karun gorge on Friday.\n"
    "The bridge cost 310 million and shortens the route to Bela by 42 kilometres, officials said.\n"
    "Workers toiled for six years under the wise guidance of the party, he said."
)
BRIDGE_AGAIN = (
    "A 640-metre bridge across the Karun gorge opened to traffic on Friday, transport officials said.\n"
    "The minister of transport cut the ribbon. The route to Bela is now 42 kilometres shorter.\n"
    "The project cost 310 million."
)


def test_no_summary_begins_with_what_he_said_where_another_sentence_may():
    told = [
        article(BRIDGE_TOO, 1, title="Minister opens bridge over the Karun gorge"),
        article(BRIDGE_AGAIN, 2, title="New Karun gorge bridge opened to traffic"),
        article(BRIDGE, 3, title="Karun gorge bridge opens"),
    ]

    assert not texts(*told)[0].endswith("he said.")
    assert texts(article("Workers toiled for six years under the guidance of the party, he said.", title="")) != []


@pytest.mark.parametrize(
    "sentence",
    [
        "“The bridge is safe,” she said on Friday.",
        "He was arrested in March.",
        "Die Brücke sei sicher, sagte er am Freitag.",
        "« Le pont est sûr », a-t-elle dit.",
        "«Мост безопасен», — сказал он.",
        "Он заявил, что мост безопасен.",
        "他说，大桥是安全的。",
        "وأضاف أن الجسر آمن.",
    ],
)
def test_a_sentence_leans_on_the_one_that_names_whom_it_speaks_of(sentence: str):
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "“He is a good man,” Marlow said on Friday.",
        "Marlow denied the charge, which he said was made up.",
        "Il y a trois blessés, selon Marlow.",
        "Die Brücke sei sicher, sagte Erich Marlow.",
        "«Мост безопасен», — сказал мэр Петров.",
        "وأضاف الوزير أن الجسر آمن.",
    ],
)
def test_a_sentence_that_names_its_speaker_stands_by_itself(sentence: str):
    assert not leans(sentence)


def test_a_text_that_has_one_sentence_of_another_does_not_make_it_the_whole_summary():
    first = (
        "Dockworkers in Lanport voted on Thursday to end a nine-day strike after employers agreed to raise pay by "
        "7.5 percent over two years."
    )
    shared = "Retailers had warned that shelves would be empty if containers with winter clothing stayed on board."
    whole = article(f"{first}\n{shared}", 1, title="Dockers in Lanport end strike")
    mixed = article(f"{shared}\n«Озёрхим» остановили в среду.\nLe port est fermé.", 2, title="Le port В порту")

    assert texts(whole, mixed) == [first, shared]


def test_a_thai_story_is_told_by_more_than_one_sentence():
    thai = (
        "เจ้าหน้าที่เทศบาลเมืองศรีบุรีรายงานเมื่อวันอาทิตย์ว่าน้ำจากแม่น้ำป่าแดงเอ่อล้นเข้าท่วมตลาดเก่า\n"
        "ระดับน้ำสูงประมาณหนึ่งเมตรยี่สิบเซนติเมตรและสูงขึ้นอย่างรวดเร็วในช่วงเวลาไม่ถึงสามชั่วโมง\n"
        "โรงเรียนหกแห่งประกาศหยุดเรียนจนถึงวันพุธและเปิดเป็นศูนย์พักพิงชั่วคราว"
    )

    assert len(texts(article(thai, language="th", title="น้ำท่วม"))) == 3
