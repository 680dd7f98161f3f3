import pytest

from tasks.write.language import Language, language_of


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("The term of the contract is five years, and it shall not be extended.", "en-US"),
        (
            "Der Vertrag läuft fünf Jahre und wird nicht verlängert, es sei denn, die Parteien",
            "de-DE",
        ),
        ("Le contrat est conclu pour une durée de cinq ans et ne sera pas prolongé par", "fr-FR"),
        ("El contrato se celebra por una duración de cinco años y no se prorroga por las", "es-ES"),
        ("Il contratto è concluso per una durata di cinque anni e non è prorogato dalle", "it-IT"),
        (
            "De overeenkomst geldt voor vijf jaar en wordt niet verlengd, tenzij de partijen het",
            "nl-NL",
        ),
        ("Договор заключён на пять лет.", "ru-RU"),
        ("契約期間は五年とする。", "ja-JP"),
        ("本合同期限为五年，经双方同意后续签。", "zh-CN"),
        ("本合約期限為五年，經雙方同意後續簽。", "zh-TW"),
        ("계약 기간은 5년으로 한다.", "ko-KR"),
        ("مدة العقد خمس سنوات", "ar-SA"),
        ("תקופת ההסכם חמש שנים", "he-IL"),
        ("", "en-US"),
        ("x y z", "en-US"),
    ],
)
def test_a_language_is_told_by_its_letters_and_commonest_words(text: str, main: str) -> None:
    assert language_of(text).main == main


def test_a_quotation_in_another_script_does_not_make_the_language() -> None:
    text = (
        "The term of the contract is in the clause “契約の期間” and it is for five years; “שלום”."
    )

    assert language_of(text) == Language(main="en-US", east_asian="ja-JP", right_to_left="he-IL")


def test_a_text_from_the_right_says_so() -> None:
    assert language_of("שלום world").runs_from_right
    assert not language_of("world שלום").runs_from_right
