# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tokenizer_golden.tsv: the ids that llama.cpp gives for a spread of texts.

    python3 make_tokenizer_golden.py --llama-tokenize PATH --models FOLDER --vocabularies FOLDER > tokenizer_golden.tsv

Columns: model, "text" or "parse" (whether special tokens are parsed), the text as a JSON string, ids with spaces between. FOLDERs hold
smollm2-135m.gguf, qwen2.5-coder-0.5b.gguf, gemma-3-270m.gguf and ggml-vocab-*.gguf. All texts are valid UTF-8: llama.cpp replaces
what is not, Tradewind keeps it.
"""
import argparse
import json
import subprocess
import tempfile

TEXTS = [
    "", " ", "  ", "   x", "a", " a", "Hello, world!", "Hello  world", " leading and trailing ", "\n", "\n\n", "\n\n\nx", "x\n", " \n \n  \n",
    "\r\n", "a\r\nb\r\n\r\n  c", "\t", "\t\tx", " \tmixed \t white\t \n", "tab\tseparated\tvalues\n1\t2\t3\n", " " * 16, " " * 17 + "x", " " * 70,
    "\n" * 40, "\t" * 35 + "end",
    "The quick brown fox jumps over the lazy dog. 1234567890",
    "I'm you're he's we'd they'll I've don't can't; I'M YOU'RE HE'S WE'D THEY'LL I'VE DON'T",
    "'s't're've'm'll'd 'S 'T 'x ''s ' s l'été rock'n'roll", "0", "12", "123", "1234", "12345678901234567890", "3.14159 -2.5e-10 1,000,000 0x1F 1/2 50%",
    "٣٤٥ १२३ ½ ² Ⅷ ①②③ 一二三", "v1.2.3-rc4+build567", "!!!???...---___+++===", "a.b,c;d:e!f?g", "(nested [brackets {here}])", "$100 €50 £20 ¥1000",
    "def f(x):\n    if x > 0:\n        return x ** 2\n    # comment\n    return None\n",
    "for (int i = 0; i < n; ++i) {\n\tstd::cout << a[i] << \"\\n\";\n}\n", "SELECT * FROM t WHERE a='b''c' AND d<>1;",
    "<html><body class=\"x\"><h1>Title</h1><s>gone<p>text &amp; more<br/></body></html>", "{\"key\": [1, 2.5, null, true], \"s\": \"\\u00e9\\n\"}",
    "https://example.org/path?q=1&r=%20#frag user@example.org", "\\escaped \\n \\t \\\\", "snake_case camelCase PascalCase SCREAMING_CASE kebab-case",
    "äöüß ÀÉÎÕÜ ñ ç Ł ž", "e\u0301a\u0308 combining", "Привет, мир! Как дела?", "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "สวัสดีชาวโลก",
    "你好,世界!今天天气怎么样?", "こんにちは世界。カタカナ", "안녕하세요 세계", "中文 mixed with English 和数字123", "Ελληνικά γράμματα",
    "😀 😃😄 👍🏽 👨‍👩‍👧‍👦 🇩🇪🇫🇷 ❤️", "🦙🦙🦙", "math: ∑∫√∞≠≤≥ ∀x∈ℝ 𝐀𝓑ℂ", "\u00a0nbsp\u00a0 \u2003em\u2003 \u3000wide\u3000 \u200bzero\u200b \u0085nel \u180emvs",
    "\u2028line\u2029para", "\ufeffbom", "\u0001\u0002\u0007\u001b[0m\u007f", "private \ue000 \U000f0000 unassigned \u0378", "\U0001f469\U0001f3fd\u200d\U0001f680",
    "<|im_end|>", "before<|im_end|>after", "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", "<|endoftext|>", " <|endoftext|> ",
    "<s>x</s>", "<bos>x<eos>", "<start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\n", "<unk><pad>", "<0x41><0x0A>", "[INST] x [/INST]",
    "<tool_call>\n{\"name\": \"f\"}\n</tool_call>", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>", "<|file_sep|><|repo_name|>", "<|im_end", "|im_end|>",
    "▁", "a▁b ▁ c", "Ġ Ċ ĉ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abababababababababababababababab",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis", "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod "
    "tempor incididunt ut labore et dolore magna aliqua.",
]
PARSED = [text for text in TEXTS if "<" in text] + [
    "<|system|>\nYou help.<|end|>\n<|user|>\n  Hi<|end|>  \n<|assistant|>\n", "<s> <s>x <unk> y", "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|>",
]
MODELS = ["smollm2-135m", "qwen2.5-coder-0.5b", "gemma-3-270m"]
VOCABULARIES = ["llama-spm", "phi-3", "gpt-2", "llama-bpe"]


def tokenize(program, path, text, parse):
    with tempfile.NamedTemporaryFile() as file:
        file.write(text.encode())
        file.flush()
        command = [program, "-m", path, "-f", file.name, "--no-escape", "--no-bos", "--ids", "--log-disable"]
        if not parse:
            command.append("--no-parse-special")
        out = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return json.loads(out.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--llama-tokenize", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--vocabularies", required=True)
    args = parser.parse_args()
    files = [(name, f"{args.models}/{name}.gguf") for name in MODELS]
    files += [(name, f"{args.vocabularies}/ggml-vocab-{name}.gguf") for name in VOCABULARIES]
    for name, path in files:
        # The vocabularies alone have expected ids of their own; here only what those leave out.
        runs = [(text, True) for text in PARSED]
        if name in MODELS:
            runs = [(text, False) for text in TEXTS] + runs
        for text, parse in runs:
            ids = tokenize(args.llama_tokenize, path, text, parse)
            print(name, "parse" if parse else "text", json.dumps(text), " ".join(map(str, ids)), sep="\t", flush=True)


if __name__ == "__main__":
    main()
