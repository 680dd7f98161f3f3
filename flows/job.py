"""What a request means once it is checked: nothing wrong with it is found out later."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile

from flows.request import Combine, Request
from flows.shelf import Shelf
from flows.webhooks import webhook_address
from prompts.library import Recipe, load_recipe
from tasks.chunk.request import message_capacity
from tasks.core.capacity import Window
from tasks.core.errors import ConfigError, RecipeError
from tasks.core.settings import DeliveryMethod, Provider, Settings
from tasks.core.store import DocumentStore
from tasks.extract.limits import ExtractionLimits
from tasks.extract.ocr import how_to_get, usable
from tasks.extract.options import ReadingOptions
from tasks.extract.sources import Source, find_sources
from tasks.write.destination import Destination
from tasks.write.docx.house import check_template
from tasks.write.formats import TABLES
from tasks.write.names import NAMES, check_pattern
from tasks.write.own import own_files
from tasks.write.pdf.render import check_pdf

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A checked request. Answers older than `not_before` (epoch seconds) are asked for anew.

    `left_out` counts the sources that are outputs of earlier runs into the same folder. `editions`
    tell sources apart that come under one path at different times, each with outputs of its own.
    """

    sources: tuple[Source, ...]
    recipe: Recipe
    folder: Path
    formats: tuple[str, ...]
    provider: Provider
    window: int
    limits: ExtractionLimits
    reading: ReadingOptions
    store: DocumentStore
    delivery: DeliveryMethod = DeliveryMethod.ASYNC
    budget_usd: float | None = None
    budget_tokens: int | None = None
    buy_lost: bool = False
    approve_above_usd: float | None = None
    variables: tuple[tuple[str, str], ...] = ()
    not_before: float = 0.0
    left_out: int = 0
    editions: Mapping[str, str] = field(default_factory=dict)
    names: str = NAMES
    force: bool = False
    together: bool = False
    template: Path | None = None
    combine: Combine = "each"
    shelf: Shelf = field(default_factory=Shelf)

    def with_read(self, sources: Iterable[Source]) -> "Job":
        """Give the job once all is read, with the sources that were found inside others.

        They stand in the order of the files; what lies in a file is of the same edition.
        """
        at = {source.path: number for number, source in enumerate(self.sources)}
        ordered = tuple(sorted(sources, key=lambda source: at[source.path]))
        editions = {
            source.address: self.editions[str(source.path)]
            for source in ordered
            if str(source.path) in self.editions
        }
        return replace(self, sources=ordered, editions=editions)

    @property
    def destination(self) -> Destination:
        """Say where the outputs go, and how they look."""
        return Destination(
            folder=self.folder, names=self.names, force=self.force, template=self.template
        )

    def identity(self, path: str | Path) -> str:
        """Name what is made of a source: by it a run finds the outputs of earlier runs again."""
        edition = self.editions.get(str(path))
        marks = () if edition is None else (edition,)
        parts = (str(Path(path).resolve()), self.recipe.name, *sorted(self.variables), *marks)
        return hashlib.sha256(repr(parts).encode(errors="surrogatepass")).hexdigest()


def prepare(request: Request, settings: Settings) -> Job:
    """Check a request; ConfigError or RecipeError says what is wrong with it."""
    recipe = load_recipe(
        request.recipe, request.variables, own=settings.prompts, config=request.config
    )
    provider = choose_provider(request.provider, settings)
    check_settings(settings, provider)
    if provider is Provider.OFFLINE and recipe.needs_model:
        raise RecipeError(
            f"recipe {recipe.name} needs a model, and the offline engine only quotes its sources: "
            "use --provider runware or --provider openai"
        )
    window = request.window or settings.window
    message_capacity(recipe.map, Window(window))  # raises where no text would fit
    delivery = choose_delivery(request.delivery, recipe, settings)
    check_combine(request)
    check_formats(request.formats, recipe)
    check_pattern(request.names)
    if request.template is not None:
        check_template(request.template)
    check_folder(request.to)
    found = find_sources(request.sources)
    sources = without_own(found, request.to)
    return Job(
        sources=sources,
        recipe=recipe,
        folder=request.to,
        formats=request.formats,
        provider=provider,
        window=window,
        limits=limits(settings),
        reading=ReadingOptions(
            all_changes=request.changes == "all",
            hidden_text=request.include_hidden,
            ocr_languages=ocr_languages(request.ocr, settings),
        ),
        store=DocumentStore(settings.store_url()),
        delivery=delivery,
        budget_usd=request.budget_usd,
        budget_tokens=request.budget_tokens,
        buy_lost=request.buy_lost,
        approve_above_usd=_either(request.approve_above_usd, settings.approve_above_usd),
        variables=tuple(request.variables.items()),
        not_before=time.time() if request.fresh else 0.0,
        left_out=len(found) - len(sources),
        names=request.names,
        force=request.force,
        together=request.together,
        template=request.template,
        combine=request.combine,
    )


def _either(asked: float | None, set_: float | None) -> float | None:
    """Choose what is asked for, be it nothing at all, before what is set."""
    return set_ if asked is None else asked


def without_own(sources: tuple[Source, ...], folder: Path) -> tuple[Source, ...]:
    """Leave out what earlier runs wrote into the folder: it is no document of the person's."""
    own = own_files(folder)
    left = tuple(source for source in sources if source.path.resolve() not in own)
    if not left:
        raise ConfigError(f"all that was found are outputs of earlier runs into {folder}")
    return left


def check_combine(request: Request) -> None:
    """Refuse to combine what is one output already."""
    if request.together and request.combine != "each":
        raise ConfigError("together gives one output for all documents: leave out combine")


def check_formats(formats: tuple[str, ...], recipe: Recipe) -> None:
    """Refuse PDF without its extra, and tables of what has neither records nor citations."""
    if "pdf" in formats:
        check_pdf()
    tables = [fmt for fmt in formats if fmt in TABLES]
    if tables and recipe.merge == "concat" and recipe.schema is None:
        raise ConfigError(
            f"{' and '.join(tables)}: recipe {recipe.name} gives running text, which has neither "
            "records nor citations to put into a table; choose docx, html, md or json"
        )


def check_folder(folder: Path) -> None:
    """Refuse a folder that nothing can be written into, before anything is paid for."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ConfigError(
            f"{folder}: outputs cannot be written there ({error.strerror}): choose another folder"
        ) from None


def limits(settings: Settings) -> ExtractionLimits:
    """Give the limits of reading one source."""
    return ExtractionLimits(
        timeout_s=settings.extract_timeout_s,
        max_memory_bytes=settings.extract_memory_mb * MIB,
    )


def ocr_languages(asked: str | None, settings: Settings) -> tuple[str, ...]:
    """Choose the languages of scanned pages; ConfigError where those asked for are not there.

    Those that are only set may be missing: the pages in question are then named in the report.
    """
    wanted = settings.ocr if asked is None else asked
    names = tuple(name for name in wanted.split("+") if name not in {"", "none"})
    there = usable(names)
    if asked and names and not there:
        raise ConfigError(f"no OCR for {asked}: {how_to_get(names)}")
    return there


def choose_provider(wanted: Provider | None, settings: Settings) -> Provider:
    """Choose who answers: as asked, else as set, else Runware if there is a key for it."""
    chosen = wanted or settings.provider
    if chosen is not None:
        return chosen
    if settings.runware_api_key is not None:
        return Provider.RUNWARE
    raise ConfigError(
        "nobody to ask: set RUNWARE_API_KEY to have a model answer, or use --provider offline "
        "for extracts that are quoted from the sources without a model"
    )


def choose_delivery(
    wanted: DeliveryMethod | None, recipe: Recipe, settings: Settings
) -> DeliveryMethod:
    """Choose how answers come: as asked, else as the recipe has it, else as set."""
    of_recipe = DeliveryMethod(recipe.delivery) if recipe.delivery else settings.delivery
    chosen = wanted or of_recipe
    if chosen is DeliveryMethod.STREAM and recipe.number_results > 1:
        raise ConfigError(
            f"a stream gives 1 result, and numberResults is {recipe.number_results}: choose "
            "another --delivery, or --set numberResults=1"
        )
    if chosen is DeliveryMethod.WEBHOOK:
        webhook_address(settings)  # raises where none is set
    return chosen


def check_settings(settings: Settings, provider: Provider) -> None:
    """Refuse a provider whose settings are incomplete."""
    if provider is Provider.RUNWARE and settings.runware_api_key is None:
        raise ConfigError("provider runware needs RUNWARE_API_KEY; --provider offline needs none")
    if provider is Provider.OPENAI and not (settings.openai_url and settings.openai_model):
        raise ConfigError("provider openai needs DOCMILL_OPENAI_URL and DOCMILL_OPENAI_MODEL")
