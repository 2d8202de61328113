# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes encoder_golden.tsv and the small vocabularies unigram_*.gguf beside it: unigram and WordPiece against the libraries that models are
trained with.

    pip install sentencepiece==0.2.3 tokenizers==0.23.3 gguf protobuf
    python3 make_encoder_golden.py --bert ggml-vocab-bert-bge.gguf [--marian marian-enpt=vocab.enpt.spm --out FOLDER]

The small vocabularies are trained on data/quickstart.txt. --marian converts a SentencePiece model to FOLDER/NAME.gguf (the tests look for it
among the downloaded models). Columns: vocabulary, the text as a JSON string, ids with spaces between, the text that they decode to as a
JSON string (null where a token is unknown).

Unigram ids are SentencePiece's. It adds scores up in single precision, so that which of two spellings of the same sum wins is chance; texts
where `tokenizers`, which adds in double precision, differs are left out and told.
"""
import argparse
import io
import json
import os
import sys

import gguf
import sentencepiece
import tokenizers
from make_tokenizer_golden import TEXTS
from sentencepiece import sentencepiece_model_pb2

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "../../../data/quickstart.txt")

MORE_TEXTS = [
    "Before we proceed any further, hear me speak.", "  two  spaces   three ", "\u3000wide\u3000space\u3000", "ﬁne ﬂuff ﬃ", "Ｆｕｌｌ　ｗｉｄｔｈ！",
    "zero\u200bwidth", "x<sep>y", "x <sep> y", "x<sep><sep> ", "x  <sep>  z", "<sep", "ｘ＜ｓｅｐ＞ｙ", "a <x> b", "¿?" * 40, "=" * 60, "citizens" * 20,
    "Ünïcödé ÀÇÉ İstanbul ẞ ΣΑΣ", "한국어 각", "か゛ が", "a\u0300\u0316b", "\u0344", "\U0001d165\U0001d16d", "x\u00ady", "\x0b\x0c\x1c\x85", "\u2028\u2029",
    "naïve café", "don't", "U.S.A.", "100%", "a" * 99, "a" * 100, "a" * 101, "é" * 100, "é" * 101, "中" * 101, "!" * 101, "▁", "hello▁world ▁x",
    "##ing", "[CLS] [SEP] [MASK] [PAD] [UNK]", "\u212a\u2126\u212b", "\ufa0e\u4e00", "\u037e\u1fef", "\ud7a3", "𝒜 ①",
]
RULES = {"ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "\u3000": " ", "\t": " ", "\n": " ", "\u200b": "", "！": "!", "＜": "<", "＞": ">", "ä": "a\u0308",
         "e\u0301": "é", "e\u0301\u0301": "E", "①": " 1 ", "♥": "   "}
RULES.update({chr(0xFF21 + i): chr(0x41 + i) for i in range(26)})
RULES.update({chr(0xFF41 + i): chr(0x61 + i) for i in range(26)})


def train(**options):
    model = io.BytesIO()
    with open(CORPUS, encoding="utf-8") as corpus:
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(corpus.read().splitlines()), model_writer=model, model_type="unigram",
                                                 num_threads=1, minloglevel=2, **options)
    return model.getvalue()


def small_models(folder):
    rules = os.path.join(folder, "rules.tsv")
    with open(rules, "w", encoding="utf-8") as file:
        for source, target in RULES.items():
            print(" ".join(f"{ord(c):X}" for c in source), " ".join(f"{ord(c):X}" for c in target), sep="\t", file=file)
    yield "unigram_plain", train(vocab_size=300, normalization_rule_name="identity", user_defined_symbols=["<sep>"])
    yield "unigram_bytes", train(vocab_size=600, normalization_rule_name="identity", byte_fallback=True, add_dummy_prefix=False,
                                 remove_extra_whitespaces=False, user_defined_symbols=["<x>"])
    yield "unigram_rules", train(vocab_size=400, normalization_rule_tsv=rules, user_defined_symbols=["<sep>"])
    os.remove(rules)


def write_gguf(model, path):
    writer = gguf.GGUFWriter(path, "t5")
    writer.add_tokenizer_model("t5")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([piece.piece for piece in model.pieces])
    writer.add_token_scores([piece.score for piece in model.pieces])
    writer.add_token_types([piece.type for piece in model.pieces])  # the numbers of both formats are the same
    writer.add_unk_token_id(model.trainer_spec.unk_id)
    writer.add_eos_token_id(model.trainer_spec.eos_id)
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(True)
    writer.add_add_space_prefix(model.normalizer_spec.add_dummy_prefix)
    writer.add_remove_extra_whitespaces(model.normalizer_spec.remove_extra_whitespaces)
    if model.normalizer_spec.precompiled_charsmap:
        writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def unigram_rows(name, proto, path):
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(proto)
    write_gguf(model, path)
    processor = sentencepiece.SentencePieceProcessor(model_proto=proto)
    unknown = model.trainer_spec.unk_id
    # To `tokenizers` control pieces are text as well: spell them so that none is found.
    pieces = [(piece.piece if piece.type != piece.CONTROL and i != unknown else f"\0{i}", piece.score) for i, piece in enumerate(model.pieces)]
    second = tokenizers.Tokenizer(tokenizers.models.Unigram(pieces, unknown, model.trainer_spec.byte_fallback))
    for text in TEXTS + MORE_TEXTS:
        ids = processor.encode(text)
        special = any(piece.type in (piece.USER_DEFINED, piece.BYTE) and piece.piece in text for piece in model.pieces)
        if not special and second.encode(processor.normalize(text)).ids != ids:
            print(f"left out for {name}: {text!r}", file=sys.stderr)
            continue
        yield name, text, ids, None if unknown in ids else processor.decode(ids)


def wordpiece_rows(name, path):
    pieces = gguf.GGUFReader(path).fields["tokenizer.ggml.tokens"].contents()
    special = [piece for piece in pieces if piece.startswith("[") and piece.endswith("]")]
    vocabulary = {}
    for number, piece in enumerate(pieces):
        vocabulary[piece if piece in special else piece[1:] if piece.startswith("▁") else "##" + piece] = number
    wordpiece = tokenizers.Tokenizer(tokenizers.models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    wordpiece.normalizer = tokenizers.normalizers.BertNormalizer()
    wordpiece.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    for text in TEXTS + MORE_TEXTS:
        yield name, text, wordpiece.encode(text, add_special_tokens=False).ids, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bert")
    parser.add_argument("--marian", action="append", default=[], metavar="NAME=SPM")
    parser.add_argument("--out", default=".")
    args = parser.parse_args()
    rows = []
    for name, proto in small_models(HERE):
        rows += unigram_rows(name, proto, f"{HERE}/{name}.gguf")
    for pair in args.marian:
        name, path = pair.split("=", 1)
        with open(path, "rb") as file:
            rows += unigram_rows(name, file.read(), f"{args.out}/{name}.gguf")
    if args.bert:
        rows += wordpiece_rows("bert-bge", args.bert)
    with open(f"{HERE}/encoder_golden.tsv", "w", encoding="utf-8") as out:
        for name, text, ids, decoded in rows:
            print(name, json.dumps(text), " ".join(map(str, ids)), json.dumps(decoded), sep="\t", file=out)


if __name__ == "__main__":
    main()
