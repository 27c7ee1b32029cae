"""Any of our models as a LangChain chat model: `ChatBrigade(model="embedded")` goes wherever a `BaseChatModel` goes.

Tools and structured output hold the model to a JSON schema, so that a small model calls them correctly too: with tools
its answer is a call of one of them, or a reply where none is demanded. Reaches remote models like everything else,
through the gate of its options. It does not stream: our models answer at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from brigade.agents.models.protocol import Completion, LanguageModel, Message, ModelError, Role
from brigade.agents.models.registry import ModelOptions, load_model
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, PrivateAttr

_ROLES: dict[str, Role] = {"system": "system", "human": "user", "ai": "assistant", "tool": "user"}
_TOOLS = """These tools are there:
{tools}
Answer with JSON: {{"name": the tool's name, "arguments": {{...}}}}{reply}."""


class ChatBrigade(BaseChatModel):
    """A LangChain chat model over one of ours.

    Args:
        model: its name, as everywhere: `embedded`, `embedded:ADAPTER`, `hf:ID`, `openai:NAME`, `script:FILE`.
        language_model: a model that is loaded already.
        options: how to reach a model that is not.
        max_tokens: of an answer.
        stop: where an answer ends.

    Raises:
        ModelError: on first use, if the model cannot be had; and if it does not answer.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, protected_namespaces=())

    model: str = "embedded"
    language_model: Any = None
    """A LanguageModel."""
    options: Any = None
    """ModelOptions; not validated, as pydantic would have to know everything that they hold."""
    max_tokens: int = 256
    stop: list[str] | None = None
    temperature: float = 0.0
    """Our models answer with what is most probable; another value is refused."""
    timeout: float | None = None
    max_retries: int | None = None

    _loaded: LanguageModel | None = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "brigade"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": self.model, "max_tokens": self.max_tokens}

    def _ours(self) -> LanguageModel:
        if self.temperature:
            raise ModelError(
                f"temperature={self.temperature:g} cannot be had: our models answer with what is most probable"
            )
        if self._loaded is None:
            self._loaded = self.language_model or load_model(self.model, self._how())
        return self._loaded

    def _how(self) -> ModelOptions:
        if isinstance(self.options, ModelOptions):
            return self.options
        usual = ModelOptions()
        return ModelOptions(timeout=self.timeout or usual.timeout, retries=_given(self.max_retries, usual.retries))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        turns, settings = self._asked(messages, stop, kwargs)
        return self._result(self._ours().generate(turns, **settings), bool(kwargs.get("tools")))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        import asyncio

        turns, settings = self._asked(messages, stop, kwargs)
        model = await asyncio.to_thread(self._ours)
        return self._result(await model.agenerate(turns, **settings), bool(kwargs.get("tools")))

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | dict[str, Any] | bool | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with tools.

        Args:
            tools: what it may call.
            tool_choice: `any`, `required` or True for a call of some tool; a tool's name (also in OpenAI's form) for
                a call of that one; `auto` or None for a call or a reply.
            kwargs: passed on.
        """
        known = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=known, tool_choice=_chosen(tool_choice), **kwargs)

    def _asked(
        self, messages: Sequence[BaseMessage], stop: list[str] | None, extra: Mapping[str, Any]
    ) -> tuple[list[Message], dict[str, Any]]:
        turns = [Message(_ROLES.get(each.type, "user"), _text(each)) for each in messages]
        schema = extra.get("schema")
        tools, choice = extra.get("tools"), extra.get("tool_choice")
        if tools:
            offered = [tool for tool in tools if choice in (None, "any", tool["function"]["name"])]
            if not offered:
                raise ModelError(f"there is no tool {choice!r}")
            turns.insert(0, Message("system", _told(offered, free=choice is None)))
            schema = _schema(offered, free=choice is None)
        limit = int(extra.get("max_tokens") or self.max_tokens)
        return turns, {"max_tokens": limit, "stop": tuple(stop or self.stop or ()), "schema": schema}

    def _result(self, said: Completion, tools: bool) -> ChatResult:
        usage = {
            "input_tokens": said.prompt_tokens,
            "output_tokens": said.completion_tokens,
            "total_tokens": said.prompt_tokens + said.completion_tokens,
        }
        text, calls = _called(said.text) if tools else (said.text, [])
        message = AIMessage(
            content=text,
            tool_calls=calls,
            usage_metadata=usage,
            response_metadata={"model_name": self.model, "model_provider": "brigade"},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])


def _given(value: int | None, usual: int) -> int:
    return usual if value is None else value


def _chosen(choice: str | dict[str, Any] | bool | None) -> str | None:
    if isinstance(choice, dict):
        return str(choice["function"]["name"])
    if choice is True or choice == "required":
        return "any"
    return choice if choice and choice not in ("auto", "none") else None


def _told(tools: Sequence[Mapping[str, Any]], *, free: bool) -> str:
    listed = "\n".join(json.dumps(tool["function"]) for tool in tools)
    return _TOOLS.format(tools=listed, reply=', or {"reply": what you say} to call none' if free else "")


def _schema(tools: Sequence[Mapping[str, Any]], *, free: bool) -> dict[str, Any]:
    shapes = [
        _object(name={"const": tool["function"]["name"]}, arguments=tool["function"]["parameters"]) for tool in tools
    ]
    shapes += [_object(reply={"type": "string"})] if free else []
    return shapes[0] if len(shapes) == 1 else {"anyOf": shapes}


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _called(text: str) -> tuple[str, list[ToolCall]]:
    """A reply, or a call; an answer that was cut off is a reply as it stands."""
    try:
        said = json.loads(text)
    except ValueError:
        return text, []
    if isinstance(said, dict) and isinstance(said.get("name"), str) and isinstance(said.get("arguments"), dict):
        return "", [ToolCall(name=said["name"], args=said["arguments"], id="call_1", type="tool_call")]
    return (str(said["reply"]), []) if isinstance(said, dict) and "reply" in said else (text, [])


def _text(message: BaseMessage) -> str:
    if isinstance(message, ToolMessage):
        return f"The tool answered: {message.text}"
    if isinstance(message, AIMessage) and message.tool_calls:
        return json.dumps([{"name": call["name"], "arguments": call["args"]} for call in message.tool_calls])
    return str(message.text)
