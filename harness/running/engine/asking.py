"""Ask one system about the documents of one run: look up, ask, store, score, tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.records import ExtractionFailure, FailureKind, Request, Source, Standing
from harness.running.engine.engine import ask
from harness.running.engine.exchange import PacedExchange
from harness.running.engine.extraction import extraction_of
from harness.running.engine.ledger import Ledger
from harness.running.engine.lookup import Lookup
from harness.running.sharing import Shared
from harness.schema import has_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from harness.errors import HarnessError
    from harness.records import DocumentScore, Response
    from harness.running.engine.exchange import Line
    from harness.running.recordings.cassettes import Recorder, Recording
    from harness.running.suite import ReadySuite
    from harness.storage import Store
    from harness.systems import System


class Asking:
    """One run while it is going on.

    Args:
        run_id: The run.
        system: Who is asked.
        suite: What is asked about; its documents are those that are planned.
        trials: How often.
        line: Shared by all exchanges.
        store: Keeps the answers.
        settled: What has its answer already, as (document, trial).
        standing: How far the run has come before this.
        recorder: Writes the answers down too.
        recording: Answers in the place of the system.
        update: Told how far it has come.
        scored: Told every score; what it gives back, if anything, is why to begin nothing more.
    """

    def __init__(
        self,
        run_id: str,
        system: System,
        suite: ReadySuite,
        trials: int,
        line: Line,
        store: Store,
        *,
        settled: Collection[tuple[str, int]] = (),
        standing: Standing | None = None,
        recorder: Recorder | None = None,
        recording: Recording | None = None,
        update: Callable[[Standing], None] | None = None,
        scored: Callable[[DocumentScore], HarnessError | None] | None = None,
    ) -> None:
        self.scores: list[DocumentScore] = []
        self._stopped_by: HarnessError | None = None
        self._system = system
        self._suite = suite
        self._trials = trials
        self._line = line
        self._settled = settled
        self._recorder = recorder
        self._update = update
        self._scored = scored
        self._open = 0
        self._shared = Shared()
        self._looks_into_documents = has_evidence(suite.scorer.plan)
        self._tally = _Tally(standing or Standing())
        self._ledger = Ledger(store, run_id, self._written)
        self._lookup = Lookup(system, store, recording, self._found)

    @property
    def standing(self) -> Standing:
        """How far it has come."""
        return self._tally.standing(in_flight=self._open, waiting=self._line.pace.waiting)

    @property
    def calls_in_flight(self) -> int:
        """How many calls have begun and not ended."""
        return self._line.pace.in_flight

    async def run(self) -> None:
        """Ask whatever has no answer yet.

        Raises:
            HarnessError: Why it cannot go on, or what `stop` was told. What came back is stored.
        """
        limits = self._line.pace.limits
        try:
            await ask(
                self._system,
                self._unanswered(),
                self._keep,
                self._exchange,
                workers=min(limits.concurrency, len(self._suite.asked) * self._trials),
                document_timeout=limits.document_timeout,
                stopping=lambda: self._line.pace.stopping,
                stop=self.stop,
            )
        finally:
            self._ledger.flush()
        if self._stopped_by is not None and self._tally.done < len(self._suite.asked) * self._trials:
            raise self._stopped_by

    def _exchange(self) -> PacedExchange:
        self._open += 1
        self._tell()
        return PacedExchange(self._line)

    def _tell(self) -> None:
        if self._update is not None:
            self._update(self.standing)

    def _unanswered(self) -> Iterator[Request | None]:
        """What has to be asked. What is found instead is written a batch at a time, and not held."""
        for request in self._lookup.unanswered(self._requests()):
            if request is None:
                self._ledger.flush()
                yield None
            elif request.document.text:
                yield request
            else:
                yield Request(self._suite.document(request.document.id), request.trial)

    def _requests(self) -> Iterator[Request]:
        """All that is open; the documents are read only if scoring looks into them, whoever answers."""
        read = self._suite.document if self._looks_into_documents else self._suite.unread
        for name in self._suite.asked:
            trials = [trial for trial in range(self._trials) if (name, trial) not in self._settled]
            if trials:
                document = read(name)
                yield from (Request(document, trial) for trial in trials)

    def _found(self, request: Request, response: Response) -> None:
        fingerprint = self._lookup.fingerprint(request)
        # What a file says is for this run alone: another one must not take it for what the model answered.
        known = fingerprint is not None and response.source is not Source.REPLAY
        self._ledger.add(request, response, fingerprint.key if known and fingerprint else None)
        if self._recorder is not None and fingerprint is not None:
            self._recorder.write(fingerprint, response)

    async def _keep(self, request: Request, response: Response) -> None:
        fingerprint = self._lookup.fingerprint(request)
        await self._ledger.keep(request, response, None if fingerprint is None else fingerprint.key)
        if self._recorder is not None and fingerprint is not None:
            self._recorder.write(fingerprint, response)

    def _written(self, request: Request, response: Response) -> None:
        cut_off = response.failure is FailureKind.INTERRUPTED
        extraction = extraction_of(response)
        failed = isinstance(extraction, ExtractionFailure)
        self._tally.count(response, failed=failed, done=not cut_off)
        if not cut_off:
            label = self._suite.gold[request.document.id]
            text = request.document.text if self._looks_into_documents else None
            score = self._suite.scorer.score(label.facts, extraction, text)
            self.scores.append(self._shared.score(score))
            settled = None if self._scored is None else self._scored(score)
            if settled is not None:
                self.stop(settled)
        self._open -= response.source is Source.ASKED
        self._tell()

    def stop(self, reason: HarnessError) -> None:
        """Begin nothing from now on; `run` returns when what is in flight is done. The first reason is kept."""
        self._stopped_by = self._stopped_by or reason
        self._line.pace.stop()


class _Tally:
    """Counts of what was answered, beginning with those of an earlier part."""

    def __init__(self, before: Standing) -> None:
        self.done, self._failed, self._reused = before.done, before.failed, before.reused
        self._tokens, self._cost, self._unpriced = before.tokens, before.cost, before.unpriced

    def count(self, response: Response, *, failed: bool, done: bool) -> None:
        self.done += done
        self._failed += failed and done
        if response.source is not Source.ASKED:
            self._reused += 1
            return
        for attempt in response.attempts:
            self._tokens += (attempt.input_tokens or 0) + (attempt.output_tokens or 0)
            if attempt.cost is None:
                self._unpriced += 1
            else:
                self._cost += attempt.cost

    def standing(self, *, in_flight: int, waiting: str) -> Standing:
        return Standing(
            done=self.done,
            failed=self._failed,
            reused=self._reused,
            in_flight=in_flight,
            tokens=self._tokens,
            cost=self._cost,
            unpriced=self._unpriced,
            waiting=waiting,
        )
