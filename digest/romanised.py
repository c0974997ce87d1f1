"""Chinese and Korean names in Latin and Cyrillic letters: Wang Yi, Ван И, Lee Jae-myung. Pure."""

from __future__ import annotations

import re

#: Surnames that are no English words.
_CHINESE_SURNAMES = """
Ai Bai Bao Bo Cai Cao Cen Chen Cheng Chu Cui Dai Deng Ding Dong Dou Du Duan Fan Fang Feng Fu Gao Ge Geng Gong Gu
Guan Guo Han Hao Hong Hou Hu Hua Huang Ji Jia Jiang Jiao Jin Kang Kong Lai Lei Li Liang Liao Lin Ling Liu Lou Lu Luo
Ma Mao Mei Meng Miao Mo Mu Ni Nie Ning Niu Ou Ouyang Pan Pang Pei Peng Pu Qi Qian Qiao Qin Qiu Qu Ren Rong Ruan Shao
Shen Sheng Shi Shu Song Su Sun Tan Tang Tao Tian Tong Tu Wang Wei Wen Weng Wu Xi Xia Xiang Xiao Xie Xin Xing Xiong
Xu Xue Yan Yang Yao Ye Yin Ying Yu Yuan Yue Zeng Zhai Zhan Zhang Zhao Zheng Zhong Zhou Zhu Zhuang Zou Zuo
"""
_CYRILLIC_SURNAMES = """
Ван Гао Го Дин Ду Дэн Ли Линь Лю Лян Мао Пэн Си Сун Сунь Сюй Се Фэн Хуан Хэ Цай Цао Цзян Цинь Чжан Чжао Чжоу Чжу Чэнь
Шэнь Юань Ян
"""
_KOREAN_SURNAMES = """
Ahn An Bae Cho Choi Han Hwang Jang Jeong Jung Kang Kim Kwon Lee Lim Moon Oh Park Ryu Seo Shin Yoo Yoon
"""
_CHINESE = frozenset(_CHINESE_SURNAMES.split())
_IN_CYRILLIC = frozenset(_CYRILLIC_SURNAMES.split())
_KOREAN = frozenset(_KOREAN_SURNAMES.split())
#: One or two syllables of pinyin.
_GIVEN = re.compile(
    "(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|u|(?<=[bpmfw])o)"
    "|ang|ai|an|ao|en|er|ou|a|e){1,2}",
    re.IGNORECASE,
)
_LONGEST = 8
_KOREAN_GIVEN = re.compile("[A-Z][a-z]{1,5}-[A-Za-z][a-z]{1,5}")


def is_a_person(name: str) -> bool:
    """Tell whether a name is built as Chinese and Korean names are."""
    surname, _, given = name.partition(" ")
    if surname in _KOREAN and (
        _KOREAN_GIVEN.fullmatch(given) or re.fullmatch("[A-Z][a-z]{1,4} [A-Z][a-z]{1,4}", given)
    ):
        return True
    if surname in _IN_CYRILLIC and given.isalpha() and len(given) <= _LONGEST:
        return True
    return surname in _CHINESE and _GIVEN.fullmatch(given) is not None


def is_chinese(surname: str) -> bool:
    """Tell whether a word is a Chinese surname."""
    return surname in _CHINESE or surname in _IN_CYRILLIC
