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

_OPENING = (
    r"^\W*(?:(?:editor'?s?'? note|notes?(?: (?:from|by) the editors?| to (?:our )?readers)?|from the editors?|notice|"
    r"important|retraction(?: notice)?|withdrawal|advisory|update|anmerkung der redaktion|hinweis der redaktion|"
    r"note de la rédaction|ndlr|nota (?:de la redacción|da redação|della redazione|del editor)|от редакции|від "
    r"редакції|"
    r"编者按|編者按|お知らせ|おことわり|알립니다|تنويه)\W{1,4})?"
)
_THIS = (
    r"(?:article|story|report|dispatch|piece|press release|news item|post|column|essay|op-ed|interview|analysis|"
    r"feature|"
    r"investigation|review|podcast|episode|video|letter|paper)"
)
_TAKEN = r"(?:withdrawn|retracted|removed|deleted|taken down|taken offline|unpublished|pulled)"
#: What only went to another place was not taken back, and neither was a part of it.
_STAYS = r"(?!['’]s)\b(?! from (?:the |our |behind the |its )?(?:front|home|top|list|paywall|print|section))"
#: Who can say it: the paper itself, and not a sentence about somebody who did.
_WHO = (
    r"(?:the |our )?(?:managing |senior |executive )?(?:editors?(?:[- ]in[- ]chief)?|editorial (?:board|team|staff|"
    r"office)|"
    r"publishers?|newsroom|news (?:desk|agency|service)|authors?|newspaper|magazine|website|journal)(?: of (?:the |"
    r"this )?"
    r"[\w .'’&-]{2,50}?)?"
)

# (?i:...) apart from the agencies' capitals.
_NOTE = re.compile(
    _OPENING + rf"(?:(?:this|the above|the following) (?:news |opinion |research )?{_THIS}"
    r"(?:,? (?:published|headlined|titled|entitled|originally|first|by|from|dated|about|on|which|"
    r"that)[^.!?]{0,120}?)?,? "
    r"(?:(?:has|have)(?: \w+ly| since| now)? been|was|is)"
    rf"(?: (?:since|now|being|\w+ly|hereby))? {_TAKEN}{_STAYS}|"
    rf"(?:the|an?) {_THIS} (?:below|above|(?:(?:that|which) )?(?:(?:was|had been|previously|originally|formerly) )*"
    r"(?:published|posted|appeared|stood|ran) (?:here|below|above|(?:on|at) this (?:page|address|url))) "
    rf"(?:has been|was|is)(?: (?:since|now|\w+ly))? {_TAKEN}\b|"
    rf"our (?:\w+ )?{_THIS}(?: (?:on|about|of|that|headlined|published)\b[^.!?]{{0,100}}?)? (?:has been|is|was)"
    r"(?: (?:since|now|\w+ly))? (?:withdrawn|retracted|unpublished)\b|"
    rf"(?:{_WHO}|we) (?:(?:has|have|had)(?: since| now| also| \w+ly)*(?: (?:decided|chosen|agreed) to)?|is|are|"
    rf"hereby|"
    r"herewith|must|would like to|wish(?:es)? to)? ?(?:retract|withdr[ae]w|remov|delet|unpublish|pull|tak)"
    rf"(?:ed|n|ing|e|en|s|es)?(?: down)? (?:this|the above|the following) (?:news |opinion |research "
    rf")?{_THIS}{_STAYS}|"
    # A paper with its name: "retracted" and "withdrawn" only, and nothing that tells of somebody else's words.
    r"(?!(?:[^.!?]* )?(?:said|says|that|who|which|reported?|if|whether|not|never|deny|denied|facebook|twitter|google|"
    r"court|judge|police|ministry|government|minister|party|company|university)\b)(?:[\w.'’&-]+ ){1,6}?(?:has|have)"
    rf"(?: since| now| \w+ly)? (?:retracted|withdrawn|unpublished) (?:this|the above) {_THIS}(?!['’]s)\b|"
    r"(?:wir|die redaktion|die chefredaktion|der verlag|die herausgeber\w*|die autor\w*) (?:hat|haben)[\w, ]{0,40}? "
    r"(?:diesen|den (?:folgenden|obigen)|diese) (?:artikel|beitrag|text|bericht|meldung|nachricht|geschichte)\b"
    r"[\w, ]{0,60} (?:zurückgezogen|gelöscht|entfernt|depubliziert|zurückzuziehen|zu (?:löschen|entfernen)|offline "
    r"genommen)|wir ziehen (?:diesen|diese) (?:artikel|beitrag|text|bericht|meldung)[\w, ]{0,40} zurück|"
    r"an dieser stelle (?:stand|war|befand sich|haben wir)[^.!?]{0,90}(?:artikel|beitrag|text|bericht|meldung)|"
    r"(?:nous|la rédaction|la direction|l'éditeur|les auteurs?|l'auteure?|le journal|notre rédaction) (?:(?:a|"
    r"avons|ont) )"
    r"(?:décidé de )?(?:retir|supprim|dépubli)(?:é|er) (?:cet(?:te)? (?:article|dépêche|enquête|tribune|information)|"
    r"ce (?:texte|contenu|reportage|billet))|(?:un|l')\s?(?:article|texte) (?:publié|paru) (?:ici|à cette adresse|"
    r"sur "
    r"cette page) a été (?:retiré|supprimé|dépublié)|"
    r"(?:hemos|(?:la redacción|la dirección|el editor|los editores|los autores|este (?:diario|periódico|medio)|"
    r"nuestra "
    r"redacción) (?:ha|han)) (?:decidido )?(?:retirad?|eliminad?|borrad?|suprimid?|anulad?)(?:o|r) est[ea] "
    r"(?:artículo|"
    r"noticia|nota|reportaje|información|texto)|"
    r"(?:(?:a redação|a direção|o editor|os editores|os autores|este jornal|o jornal) )?(?:retir|remov|exclu|apag|"
    r"despublic)(?:ou|eu|iu|aram|eram|amos|emos|ímos|íram) (?:esta|este) (?:artigo|notícia|matéria|reportagem|texto)|"
    r"(?:abbiamo|(?:la redazione|la direzione|l'editore|gli autori|il giornale) (?:ha|hanno)) (?:deciso di )?"
    r"(?:ritira|rimoss|cancella|elimina|rimuove)(?:to|o|re) quest[oa'] ?(?:articolo|notizia|testo|pezzo)|"
    r"(?:wij|we|de redactie|de hoofdredactie|de uitgever|de auteurs?) (?:heeft|hebben) (?:besloten )?(?:dit|deze) "
    r"(?:artikel|"
    r"bericht|stuk|verhaal|tekst)[\w ]{0,40} (?:ingetrokken|verwijderd|teruggetrokken|offline gehaald|in te "
    r"trekken|te "
    r"verwijderen)|dit (?:bericht|stuk|verhaal) is (?:verwijderd|ingetrokken|teruggetrokken)|"
    r"(?:denna|den här) (?:artikel|text|nyhet|granskning)\w* (?:har|är) (?:\w+ )?(?:tagits bort|dragits tillbaka|"
    r"avpublicerats|återkallats|raderats|borttagen|avpublicerad)|(?:vi|redaktionen|utgivaren) har (?:tagit bort|"
    r"dragit "
    r"tillbaka|återkallat|avpublicerat|raderat) (?:denna|den här)|"
    r"denne (?:artikk?el|saken?|historie|nyhed|nyhet|teksten?)(?:e[nt])? (?:er|har blitt|er blevet|er blitt|har "
    r"blevet) "
    r"(?:trukket|fjernet|slettet|avpublisert|afpubliceret|tilbagetrukket|tilbakekalt)|(?:vi|redaks?[jt]i?onen) har "
    r"(?:trukket|fjernet|slettet|avpublisert|afpubliceret) denne|"
    r"tämä (?:juttu|artikkeli|uutinen|kirjoitus) on (?:poistettu|vedetty)|(?:toimitus|olemme) (?:on )?(?:poista|"
    r"vetä)\w+ "
    r"tämän (?:jutun|artikkelin|uutisen)|"
    r"(?:redakcja|wydawca|autorzy|autor) (?:\w+ ){0,2}?(?:wycofał|usunął|usunęł)\w* (?:ten|niniejszy|ten\b) "
    r"(?:artykuł|"
    r"tekst|materiał)|(?:niniejszy artykuł|(?:ten|niniejszy) (?:tekst|materiał)) został (?:usunięty|wycofany)|"
    r"tento (?:článek|článok|text|příspěvek) (?:byl|bol) (?:\w+ )?(?:stažen|odstraněn|smazán|stiahnut|odstránen|"
    r"vymazan)|"
    r"(?:redakce|redakcia|vydavatel) (?:tento (?:článek|článok|text) )(?:stáhl|odstranil|stiahl|odstránil|smazal)|"
    r"ezt a (?:cikket|hírt|írást) (?:\w+ ){0,3}(?:visszavont|töröl|eltávolított|levett)|"
    r"(?:acest|prezentul) articol a fost (?:retras|șters|eliminat)|redacția a (?:retras|șters|eliminat) acest|"
    r"(?:αυτό το|το παρόν) (?:άρθρο|δημοσίευμα|κείμενο) (?:έχει )?(?:αποσυρθεί|αποσύρθηκε|διαγραφεί|διαγράφηκε|"
    r"αφαιρέθηκε)|η σύνταξη (?:απέσυρε|αφαίρεσε|διέγραψε) (?:αυτό το|το παρόν) (?:άρθρο|δημοσίευμα|κείμενο)|"
    r"(?:мы|редакция|издатель|авторы?)(?: [\w«»\"-]+){0,3}? (?:отозвал|удалил|снял)\w* (?:с публикации )?(?:эту|"
    r"данную|"
    r"этот|данный) (?:статью|новость|заметку|публикацию|материал|текст)|(?:эта|данная) (?:статья|новость|заметка|"
    r"публикация) (?:была )?(?:редакцией )?(?:удалена|отозвана|снята)|"
    r"(?:ми|редакція|видавець|автори?)(?: [\w«»\"-]+){0,3}? (?:відкликал|видалил|знял)\w* (?:з публікації )?(?:цю|"
    r"дану|"
    r"цей|даний) (?:статтю|новину|публікацію|матеріал|текст)|"
    r"(?:编辑部|編輯部|编委会|編委會|本报|本報|本网|本網|本社|本刊|我们|我們|出版方|作者|编者)(?:已|决定|決定|现|"
    r"現|现已|特此)*(?:将|將)?"
    r"(?:撤回|撤下|撤销|撤銷|删除|刪除|下架)了?(?:本文|此文|该文|該文|这篇|這篇|此稿|本稿|本报道|此报道|該報導|本篇)|"
    r"(?:編集部|当社|本紙|弊社|編集委員会|当編集部|本誌|当サイト)(?:は|では)、?(?:この|本)(?:記事|論文|ニュース|"
    r"報道)を(?:[^。]{0,12})?"
    r"(?:撤回|削除|取り消|取り下げ)|"
    r"(?:편집부|편집국|본지|저희|본사|편집위원회)(?:는|은|가|에서)? ?(?:이|본|해당) (?:기사|보도)를 "
    r"?(?:[^.]{0,12})?(?:철회|삭제|취소)|"
    r"(?:(?:سحبت|حذفت|أزالت) (?:هيئة |إدارة |أسرة )?(?:التحرير|الصحيفة|الوكالة|الجريدة)|(?:سحبنا|حذفنا|أزلنا)|قامت "
    r"(?:هيئة |أسرة )?(?:التحرير|الصحيفة|الوكالة) ب(?:سحب|حذف|إزالة)) (?:هذا|هذه) (?:المقال|الخبر|التقرير|المقالة)|"
    r"(?:تحریریه|سردبیر|هیئت تحریریه|روزنامه) این (?:مطلب|خبر|مقاله|گزارش) را (?:پس گرفت|حذف کرد)|"
    r"(?:המערכת|העורכים|מערכת העיתון) (?:הסיר|מחק|משכ)\w+ את (?:הכתבה|הידיעה|המאמר)|"
    r"(?:editörler\w*|yayın kurulu|gazetemiz|redaksiyon|yazı işleri|editör kurulu) bu (?:haberi|makaleyi|yazıyı) "
    r"(?:geri "
    r"çek|yayından kaldır|sil)\w+|"
    r"(?:tòa soạn|ban biên tập|chúng tôi) đã (?:gỡ|rút|xóa)(?: bỏ)? bài (?:viết|báo) này|"
    r"(?:redaksi|kami|dewan redaksi) (?:telah )?(?:menarik|mencabut|menghapus) (?:artikel|berita|tulisan) ini|"
    r"(?:กองบรรณาธิการ|บรรณาธิการ|เรา)(?:ได้)?(?:ถอน|ลบ|เพิกถอน)(?:บทความ|ข่าว)นี้|"
    r"(?:संपादकों?|संपादक मंडल|हम)\s?ने (?:यह|इस) (?:लेख|खबर|समाचार)(?: को)? (?:वापस|हटा)|"
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
    r"(?:本文|本稿|该文|該文|此文|本篇报道|此稿件?|该稿件?|本条新闻|该新闻|本报道|该报道|"
    r"此报道)章?现?已?经?被?(?:作者|本社|本报|本网)?"
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
    r"^\W*(?:(?:this|the) (?:page|content|post|item|article|story) (?:has been|was) (?:removed|deleted|withdrawn|"
    r"taken "
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
    r"^\W*(?:WITHDRAWN|RETRACTED|RETRACTION)\W*[:|\])—-]|^\W*(?:Withdrawn|Retracted|Retraction|Withdrawal|"
    r"Retraction [Nn]otice|Notice of [Rr]etraction|Zurückgezogen|Zurückziehung|Rétractation|Article (?:retiré|"
    r"supprimé)|"
    r"Retractación|(?:Artículo|Artigo) retirado|Retratação|Ritrattazione|Articolo (?:ritirato|rimosso)|Ingetrokken|"
    r"Wycofan[yeo]|Artykuł wycofany|Återkallad|Avpublicerad|Tilbagetrukket|Отозван[ао]?|Статья отозвана|Відкликано|"
    r"Geri "
    r"çekildi) ?:|"
    r"[\[(](?i:retracted|withdrawn|zurückgezogen|rétracté|retiré|retirado|retractado|ritirato|ingetrokken|"
    r"отозван[оа]?|已撤稿|撤稿|撤回|철회)[\])]\W*$|^\W*[\[(](?:Retracted|Withdrawn|retracted|withdrawn)[\])]|"
    r"^[【\[]?(?:撤稿|撤回|削除|取り消し|取消し|기사 ?(?:철회|삭제)|(?:سحب|حذف) (?:المقال|الخبر|تقرير))[】\]:：]"
)
#: As a heading of its own above everything else.
_LABEL = re.compile(r"^\W*(?:retraction(?: notice)?|retracted|withdrawn)\W*$", re.IGNORECASE)
_END = re.compile(r"[.!?。！？।]")
_BACK = re.compile(r"\b(?:restored|reinstated|republished|wiederhergestellt|rétabli)\b|恢复", re.IGNORECASE)


def find_note(title: str, text: str) -> str:
    """Find the sentence by which a page takes its article back; "" when it does not."""
    if _TITLE.search(title) or _KILL.match(title):
        return fold(title)[:_LONGEST]
    lines = [line for line in map(fold, text.splitlines()) if line]
    if lines and _LABEL.match(lines[0]):
        return f"{lines[0]} {lines[1]}"[:_LONGEST] if len(lines) > 1 else lines[0]
    places = lines if len(lines) <= _HEAD + _TAIL else lines[:_HEAD] + lines[-_TAIL:]
    bare = sum(map(len, lines)) < _SHORT
    for line in [fold(title), *places]:
        if _KILL.match(line):
            return line[:_LONGEST]
        opening = line[:_LONGEST]
        found = _NOTE.match(opening) or (_BARE.match(opening) if bare else None)
        if found and not _BACK.search(line):
            # This sentence only: what else its paragraph says may be edited.
            end = _END.search(opening, found.end())
            return opening[: end.end() if end else None]
    return ""
