"""Pages of the bank's workflow: my work, manuscripts, readings, the commission's sessions."""

from itembank.authoring.routes.commission import bp as commission
from itembank.authoring.routes.desk import bp as desk
from itembank.authoring.routes.reviews import bp as reviews

blueprints = (desk, reviews, commission)

__all__ = ["blueprints"]
