"""Notes by which publishers take an article back, in many languages. Pure.

Only a sentence that says it of itself counts ("this article has been withdrawn"): articles about withdrawals are news.
"""

from __future__ import annotations

import re

from crawler.rechecks.noise import fold

#: Where such a note stands: at the top, or as the last word.
_HEAD, _TAIL = 3, 2
_LONGEST = 260
#: A page that says nothing but the note.
_SHORT = 400

# (?i:...) apart from the agencies' capitals.
_NOTE = re.compile(
    r"^\W*(?:(?:editor'?s? note|note|notice|important|retraction|advisory)\W{1,4})?(?:"
    r"(?:this|the above|the following) (?:news )?(?:article|story|report|dispatch|piece|press release|news item)"
    r"(?:,? (?:published|headlined|titled|entitled|originally|first|by|from|dated)[^.!?]{0,120}?)?,? "
    r"(?:has been|was|is|have been) (?:(?:since|now|temporarily|formally|fully|hereby|being|permanently) )?"
    r"(?:withdrawn|retracted|removed|deleted|taken down|unpublished|pulled)\b"
    r"(?! from (?:the )?(?:front|home|top|list))|"
    r"(?:reuters|afp|ap|the associated press|dpa|efe|ansa|tass|xinhua|upi|we)(?: news agency)? (?:has|have|is|are) "
    r"(?:withdrawn|withdrawing|retracted|retracting) (?:this|the above|the following) (?:article|story|report)|"
    r"dieser (?:artikel|beitrag|text|bericht) (?:wurde|ist)[\w ]{0,40} (?:zurückgezogen|gelöscht|entfernt|"
    r"depubliziert)|diese meldung (?:wurde|ist)[\w ]{0,40} (?:zurückgezogen|gelöscht|entfernt)|"
    r"(?:cet article|ce contenu|ce texte) a été (?:retiré|supprimé|dépublié|annulé)|"
    r"cette dépêche (?:a été|est) (?:retirée|supprimée|annulée)|"
    r"est[ea] (?:artículo|noticia|nota|reportaje|despacho|información) (?:ha sido|fue) "
    r"(?:retirad|eliminad|borrad|suprimid|anulad)[oa]|"
    r"est[ea] (?:artigo|notícia|matéria|reportagem|texto) foi (?:retirad|removid|excluíd|apagad|despublicad)[oa]|"
    r"(?:questo articolo|questa notizia) è stat[oa] (?:ritirat|rimoss|cancellat|eliminat|annullat)[oa]|"
    r"(?:эта|данная) (?:статья|новость|заметка|публикация) (?:была )?"
    r"(?:удалена|отозвана|аннулирована|снята с публикации)|"
    r"(?:этот|данный) (?:материал|текст) (?:был )?(?:удал[её]н|отозван|снят с публикации)|"
    r"(?:ця|дана) (?:стаття|новина|публікація) (?:була )?(?:видалена|відкликана|знята з публікації)|"
    r"ten artykuł został (?:usunięty|wycofany)|dit artikel is (?:verwijderd|ingetrokken|teruggetrokken)|"
    r"bu (?:haber|makale|yazı) (?:yayından )?(?:kaldırıl|silin|geri çekil)(?:di|mi)\w*|"
    r"bài (?:viết|báo) này đã (?:bị |được )?(?:gỡ|xóa|rút)|artikel ini telah (?:dihapus|ditarik|dicabut)|"
    r"(?:本文|本稿|该文|該文|此文|本篇报道|此稿件?|该稿件?|本条新闻|该新闻|本报道|该报道|此报道)章?现?已?经?被?(?:作者|本社|本报|本网)?"
    r"(?:撤稿|撤回|删除|刪除|撤销|下架|撤下|移除)|撤稿(?:通知|声明|公告|说明|启事)|"
    r"(?:この|本)(?:記事|ニュース|配信記事)は、?(?:[^。]{0,20})(?:削除|取り消|撤回|取り下げ)|"
    r"(?:이|본|해당) 기사(?:는|가)? ?(?:[^.]{0,20})?(?:삭제|철회|취소)(?:되었|됐|합니다|했)|"
    r"تم (?:حذف|سحب|إزالة) (?:هذا|هذه) (?:المقال|المقالة|الخبر|التقرير)|(?:هذا|هذه) (?:المقال|الخبر|التقرير|المقالة) "
    r"(?:تم حذف|تم سحب|محذوف|حذف)|این (?:مطلب|خبر|مقاله|گزارش) (?:حذف|پس گرفته) شد|"
    r"(?:כתבה|ידיעה) זו (?:הוסרה|נמחקה)|(?:บทความ|ข่าว)นี้(?:ได้)?ถูก(?:ลบ|ถอน|เพิกถอน|ยกเลิก)|"
    r"(?:यह|इस) (?:लेख|खबर|समाचार)(?: को)? (?:हटा|वापस ले)"
    r")",
    re.IGNORECASE,
)
#: On a page that says nothing else also these.
_BARE = re.compile(
    r"^\W*(?:(?:this|the) (?:page|content|post|item|article|story) (?:has been|was) (?:removed|deleted|withdrawn|taken "
    r"down|unpublished)|(?:материал|публикация|статья|новость|страница) (?:был[ао]? )?(?:удал[её]н[ао]?|отозван[ао]?|"
    r"снят[ао]? с публикации|аннулирован[ао]?)|(?:该|此)(?:内容|页面|文章)已被?(?:发布者|作者)?(?:删除|撤回|下架)|"
    r"(?:the )?(?:article|story) (?:has been )?(?:withdrawn|retracted|removed))",
    re.IGNORECASE,
)
_KILL = re.compile(
    r"^\W*(?:\([A-Z]{2,8}\)\W*)?(?:MANDATORY KILL|BULLETIN KILL|KILL BULLETIN|KILL ADVISORY|KILL NOTICE|"
    r"STORY KILLED|STORY WITHDRAWN|STORY REMOVED)\b|^\W*(?:Mandatory|Bulletin) [Kk]ill\s*[:—-]"
)
_TITLE = re.compile(
    r"^\W*(?:WITHDRAWN|RETRACTED|RETRACTION)\W*[:|\])—-]|^\W*(?:Withdrawn|Retracted|Retraction):|^【?撤稿[】:：]"
)
_BACK = re.compile(r"\b(?:restored|reinstated|republished|wiederhergestellt|rétabli)\b|恢复", re.IGNORECASE)


def find_note(title: str, text: str) -> str:
    """Find the sentence by which a page takes its article back; "" when it does not."""
    if _TITLE.match(title) or _KILL.match(title):
        return fold(title)[:_LONGEST]
    lines = [line for line in map(fold, text.splitlines()) if line]
    places = lines if len(lines) <= _HEAD + _TAIL else lines[:_HEAD] + lines[-_TAIL:]
    bare = sum(map(len, lines)) < _SHORT
    for line in [fold(title), *places]:
        if _KILL.match(line):
            return line[:_LONGEST]
        opening = line[:_LONGEST]
        if (_NOTE.match(opening) or (bare and _BARE.match(opening))) and not _BACK.search(line):
            return opening
    return ""
