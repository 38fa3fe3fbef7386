"""The mathematics demonstration bank, generated: the same items on every machine, at every call."""

from random import Random

from itembank.generation import algebra, calculus, functions, geometry, numbers, probability
from itembank.generation.draft import DraftItem, DraftText
from itembank.generation.template import Template

SEED = 2013
SUBJECT, PREFIX = "mathematics", "MAT"
AREAS = {
    "numbers": {"ky": "Сандар жана эсептөөлөр", "ru": "Числа и вычисления", "en": "Numbers and calculations"},
    "algebra": {"ky": "Алгебра", "ru": "Алгебра", "en": "Algebra"},
    "functions": {"ky": "Функциялар жана графиктер", "ru": "Функции и графики", "en": "Functions and graphs"},
    "geometry": {"ky": "Геометрия", "ru": "Геометрия", "en": "Geometry"},
    "probability": {
        "ky": "Ыктымалдуулук жана статистика",
        "ru": "Вероятность и статистика",
        "en": "Probability and statistics",
    },
    "calculus": {"ky": "Анализдин башталышы", "ru": "Начала анализа", "en": "Beginnings of analysis"},
}

__all__ = ["AREAS", "DraftItem", "DraftText", "mathematics_bank", "mathematics_templates", "seeded"]


def mathematics_templates() -> tuple[Template, ...]:
    """Every template of the modules by area, in the order they are written."""
    modules = (numbers, algebra, functions, geometry, probability, calculus)
    return tuple(each for module in modules for each in vars(module).values() if isinstance(each, Template))


def mathematics_bank() -> tuple[DraftItem, ...]:
    return tuple(
        item for each in mathematics_templates() for item in each.drafts(seeded(each), SUBJECT, PREFIX)
    )


def seeded(template: Template) -> Random:
    """A generator of the template's own, so that adding a template changes no other's items."""
    return Random(f"{SEED}:{template.code}")
