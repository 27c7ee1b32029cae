"""A window on the screen that shows frames as they come: what `render_mode="human"` opens (the extra `human`).

Shows pictures of any size and knows nothing of what is on them.
"""

from __future__ import annotations

import os
from types import TracebackType

from brigade.envs.kitchen.render.extras import MissingExtra, ViewerError
from PIL import Image

NO_SCREEN = ("offscreen", "dummy")
"""SDL's drivers that show nothing: it falls back on them without a word."""


class Window:
    """A window that opens with the first picture and takes its size; Escape closes it too. One at a time in a program.

    Args:
        title: of the window.
        frame_rate: frames a second at most: `show` waits that long; None to never wait.

    Raises:
        MissingExtra: pygame is not installed.
        ViewerError: there is no screen.
    """

    def __init__(self, title: str = "Brigade", frame_rate: float | None = 30.0) -> None:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        try:
            import pygame
        except ImportError:
            raise MissingExtra("a window", "pygame", "human") from None
        self._pygame = pygame
        self._frame_rate = frame_rate
        try:
            pygame.display.init()
        except pygame.error as error:
            raise ViewerError(f"there is no screen for a window: {error}") from None
        if pygame.display.get_driver() in NO_SCREEN and "SDL_VIDEODRIVER" not in os.environ:
            pygame.display.quit()
            raise ViewerError("there is no screen for a window (none that SDL finds; SDL_VIDEODRIVER can name one)")
        pygame.display.set_caption(title)
        self._clock = pygame.time.Clock()
        self._surface: pygame.Surface | None = None
        self._open = True

    def show(self, image: Image.Image) -> bool:
        """Show a picture, and wait until the next one is due; False once the window has been closed."""
        if not self._open:
            return False
        pygame = self._pygame
        if self._surface is None or self._surface.get_size() != image.size:
            try:
                self._surface = pygame.display.set_mode(image.size)
            except pygame.error as error:
                raise ViewerError(f"there is no screen for a window: {error}") from None
        frame = pygame.image.frombuffer(image.convert("RGB").tobytes(), image.size, "RGB")
        self._surface.blit(frame, (0, 0))
        pygame.display.flip()
        if self._frame_rate is not None:
            self._clock.tick(self._frame_rate)
        for event in pygame.event.get():
            if event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE):
                self.close()
        return self._open

    def close(self) -> None:
        """Close the window, if it is open."""
        if self._open:
            self._open = False
            self._pygame.display.quit()

    def __enter__(self) -> Window:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
