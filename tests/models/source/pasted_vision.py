"""Networks for images as people paste them: every class here runs as it stands."""

from __future__ import annotations

VISION: dict[str, tuple[str, tuple[int, ...]]] = {
    "reference constructs": (
        """
class Probe(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Conv2d(in_channels = 2, out_channels = 3, kernel_size = 1)
        self.larger = torch.nn.UpsamplingNearest2d(scale_factor = 2)
        self.second = torch.nn.Conv2d(in_channels = 3, out_channels = 1, kernel_size = 3)
        self.head = torch.nn.Linear(16, 2)
    def forward(self,x):
        x = self.first(x)
        setattr(self, 'kept', x)
        big = self.larger(x)
        setattr(self, 'big', big)  # 크게
        result = self.second(big)
        #print(result.shape)
        result = self.head(result.flatten(1))

        return result
# try it
x = torch.ones(1, 2, 3, 3)
probe = Probe()
result = probe(x)
probe.kept.retain_grad()
result.sum().backward()
print(probe.kept.grad)
""",
        (1, 2, 3, 3),
    ),
    "lenet": (
        """
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

class LeNet5(nn.Module):
    \"\"\"Two convolutions and three linear layers.\"\"\"

    def __init__(self, classes: int = 10) -> None:
        super(LeNet5, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 4 * 4, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.pool(F.relu(self.conv1(x)))
        x = F.max_pool2d(F.relu(self.conv2(x)), 3, stride=2, padding=1)
        x = x.view(-1, 16 * 4 * 4)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)

if __name__ == "__main__":
    net = LeNet5()
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    for epoch in range(10):
        optimizer.zero_grad()
""",
        (2, 1, 28, 28),
    ),
    "vgg": (
        """
import torch.nn as nn

cfg = {
    'A': [8, 'M', 16, 'M'],
    'B': [8, 8, 'M', 16, 16, 'M'],
}

class VGG(nn.Module):
    def __init__(self, vgg_name='B', batch_norm=True):
        super().__init__()
        self.features = self._make_layers(cfg[vgg_name], batch_norm)
        self.classifier = nn.Sequential(
            nn.Linear(16 * 2 * 2, 12),
            nn.ReLU(True),
            nn.Dropout(p=0.0),
            nn.Linear(12, 10),
        )

    def forward(self, x):
        out = self.features(x)
        out = out.view(out.size(0), -1)
        return self.classifier(out)

    def _make_layers(self, cfg, batch_norm):
        layers = []
        in_channels = 3
        for x in cfg:
            if x == 'M':
                layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
            else:
                layers.append(nn.Conv2d(in_channels, x, kernel_size=3, padding=1))
                if batch_norm:
                    layers.append(nn.BatchNorm2d(x))
                layers.append(nn.ReLU(inplace=True))
                in_channels = x
        return nn.Sequential(*layers)

def test():
    net = VGG('A')
    print(net(torch.randn(2, 3, 8, 8)).size())
""",
        (2, 3, 8, 8),
    ),
    "resnet with basic blocks": (
        """
class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, in_planes, planes, stride=1):
        super(BasicBlock, self).__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, kernel_size=3,
                               stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.shortcut = nn.Sequential()
        if stride != 1 or in_planes != self.expansion*planes:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_planes, self.expansion*planes,
                          kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(self.expansion*planes)
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        out = F.relu(out)
        return out

class ResNet(nn.Module):
    def __init__(self, block, num_blocks, num_classes=10):
        super(ResNet, self).__init__()
        self.in_planes = 4
        self.conv1 = nn.Conv2d(3, 4, kernel_size=3, stride=1, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = self._make_layer(block, 4, num_blocks[0], stride=1)
        self.layer2 = self._make_layer(block, 8, num_blocks[1], stride=2)
        self.linear = nn.Linear(8*block.expansion, num_classes)

    def _make_layer(self, block, planes, num_blocks, stride):
        strides = [stride] + [1]*(num_blocks-1)
        layers = []
        for stride in strides:
            layers.append(block(self.in_planes, planes, stride))
            self.in_planes = planes * block.expansion
        return nn.Sequential(*layers)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.layer1(out)
        out = self.layer2(out)
        out = F.avg_pool2d(out, 4)
        out = out.view(out.size(0), -1)
        out = self.linear(out)
        return out

def ResNetSmall():
    return ResNet(BasicBlock, [2, 2])

net = ResNet(BasicBlock, [2, 1])
""",
        (2, 3, 8, 8),
    ),
    "resnet with bottlenecks": (
        """
from typing import Optional, Type, Union
import torch
from torch import Tensor, nn

def conv3x3(in_planes: int, out_planes: int, stride: int = 1, dilation: int = 1) -> nn.Conv2d:
    \"\"\"3x3 convolution with padding.\"\"\"
    return nn.Conv2d(in_planes, out_planes, kernel_size=3, stride=stride,
                     padding=dilation, bias=False, dilation=dilation)

def conv1x1(in_planes, out_planes, stride=1):
    return nn.Conv2d(in_planes, out_planes, kernel_size=1, stride=stride, bias=False)

class Bottleneck(nn.Module):
    expansion: int = 4

    def __init__(self, inplanes, planes, stride=1, downsample: Optional[nn.Module] = None):
        super().__init__()
        self.conv1 = conv1x1(inplanes, planes)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = conv3x3(planes, planes, stride)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = conv1x1(planes, planes * self.expansion)
        self.bn3 = nn.BatchNorm2d(planes * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        identity = x
        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)
        out = self.conv2(out)
        out = self.bn2(out)
        out = self.relu(out)
        out = self.conv3(out)
        out = self.bn3(out)
        if self.downsample is not None:
            identity = self.downsample(x)
        out += identity
        out = self.relu(out)
        return out

class SmallResNet(nn.Module):
    def __init__(self, layers=[1, 2], num_classes=5):
        super().__init__()
        block = Bottleneck
        self.inplanes = 4
        self.conv1 = nn.Conv2d(3, self.inplanes, kernel_size=7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(self.inplanes)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        self.layer1 = self._make_layer(block, 2, layers[0])
        self.layer2 = self._make_layer(block, 4, layers[1], stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(4 * block.expansion, num_classes)

    def _make_layer(self, block: Type[Bottleneck], planes, blocks, stride=1) -> nn.Sequential:
        downsample = None
        if stride != 1 or self.inplanes != planes * block.expansion:
            downsample = nn.Sequential(
                conv1x1(self.inplanes, planes * block.expansion, stride),
                nn.BatchNorm2d(planes * block.expansion),
            )
        layers = []
        layers.append(block(self.inplanes, planes, stride, downsample))
        self.inplanes = planes * block.expansion
        for _ in range(1, blocks):
            layers.append(block(self.inplanes, planes))
        return nn.Sequential(*layers)

    def _forward_impl(self, x):
        x = self.conv1(x)
        x = self.bn1(x)
        x = self.relu(x)
        x = self.maxpool(x)
        x = self.layer1(x)
        x = self.layer2(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        x = self.fc(x)
        return x

    def forward(self, x):
        return self._forward_impl(x)
""",
        (2, 3, 32, 32),
    ),
    "unet": (
        """
import torch
import torch.nn as nn

class DoubleConv(nn.Module):
    '''(convolution => [BN] => ReLU) * 2'''
    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        if not mid_channels:
            mid_channels = out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True)
        )

    def forward(self, x):
        return self.double_conv(x)

class Down(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.maxpool_conv = nn.Sequential(
            nn.MaxPool2d(2),
            DoubleConv(in_channels, out_channels)
        )

    def forward(self, x):
        return self.maxpool_conv(x)

class Up(nn.Module):
    def __init__(self, in_channels, out_channels, bilinear=True):
        super().__init__()
        if bilinear:
            self.up = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
            self.conv = DoubleConv(in_channels, out_channels, in_channels // 2)
        else:
            self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
            self.conv = DoubleConv(in_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        x = torch.cat([x2, x1], dim=1)
        return self.conv(x)

class OutConv(nn.Module):
    def __init__(self, in_channels, out_channels):
        super(OutConv, self).__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=1)

    def forward(self, x):
        return self.conv(x)

class UNet(nn.Module):
    def __init__(self, n_channels=1, n_classes=2, bilinear=False):
        super(UNet, self).__init__()
        self.n_channels = n_channels
        self.n_classes = n_classes
        self.bilinear = bilinear

        self.inc = (DoubleConv(n_channels, 4))
        self.down1 = (Down(4, 8))
        factor = 2 if bilinear else 1
        self.down2 = (Down(8, 16 // factor))
        self.up1 = (Up(16, 8 // factor, bilinear))
        self.up2 = (Up(8, 4, bilinear))
        self.outc = (OutConv(4, n_classes))

    def forward(self, x):
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        x = self.up1(x3, x2)
        x = self.up2(x, x1)
        logits = self.outc(x)
        return logits
""",
        (2, 1, 16, 16),
    ),
    "autoencoder": (
        """
from torch import nn

class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.ReLU(),
            nn.Conv2d(4, 8, 3, stride=2, padding=1), nn.ReLU(),
            nn.Flatten(),
            nn.Linear(8 * 2 * 2, 6),
        )

    def forward(self, x):
        return self.net(x)

class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(6, 8 * 2 * 2)
        self.up = nn.Sequential(
            nn.ConvTranspose2d(8, 4, 3, stride=2, padding=1, output_padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(4, 1, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),
        )

    def forward(self, z):
        z = self.fc(z).view(-1, 8, 2, 2)
        return self.up(z)

class AutoEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()

    def forward(self, x):
        z = self.encoder(x)
        return self.decoder(z)
""",
        (2, 1, 8, 8),
    ),
    "feature pyramid": (
        """
import torch.nn as nn
import torch.nn.functional as F

class FPN(nn.Module):
    def __init__(self, widths=(4, 6, 8), out=5):
        super().__init__()
        previous = 3
        for i, width in enumerate(widths):
            setattr(self, f"stage{i}", nn.Conv2d(previous, width, 3, stride=2, padding=1))
            previous = width
        self.lateral = nn.ModuleList([nn.Conv2d(w, out, 1) for w in widths])
        self.smooth = nn.ModuleList(nn.Conv2d(out, out, 3, padding=1) for _ in widths)
        self.levels = len(widths)

    def forward(self, x):
        features = []
        for i in range(self.levels):
            x = F.relu(getattr(self, f"stage{i}")(x))
            features.append(x)
        top = self.lateral[-1](features[-1])
        total = F.adaptive_avg_pool2d(self.smooth[-1](top), 1)
        for level in reversed(range(self.levels - 1)):
            larger = F.interpolate(top, scale_factor=2, mode="nearest")
            top = larger + self.lateral[level](features[level])
            total = total + F.adaptive_avg_pool2d(self.smooth[level](top), (1, 1))
        return total.flatten(1)
""",
        (1, 3, 16, 16),
    ),
    "dense block": (
        """
import torch
from torch import nn
from collections import OrderedDict

class _DenseLayer(nn.Sequential):
    def __init__(self, num_input_features, growth_rate):
        super().__init__()
        self.add_module('norm', nn.BatchNorm2d(num_input_features))
        self.add_module('relu', nn.ReLU(inplace=False))
        self.add_module('conv', nn.Conv2d(num_input_features, growth_rate, kernel_size=3,
                                          stride=1, padding=1, bias=False))

    def forward(self, x):
        new_features = super().forward(x)
        return torch.cat([x, new_features], 1)

class _Transition(nn.Sequential):
    def __init__(self, num_input_features, num_output_features):
        super(_Transition, self).__init__(OrderedDict([
            ('norm', nn.BatchNorm2d(num_input_features)),
            ('relu', nn.ReLU()),
            ('conv', nn.Conv2d(num_input_features, num_output_features, 1, bias=False)),
            ('pool', nn.AvgPool2d(2, stride=2)),
        ]))

class DenseNet(nn.Module):
    def __init__(self, growth_rate=3, block_config=(2, 3), num_init_features=4, num_classes=3):
        super().__init__()
        self.features = nn.Sequential(OrderedDict([
            ('conv0', nn.Conv2d(1, num_init_features, kernel_size=3, padding=1)),
            ('norm0', nn.BatchNorm2d(num_init_features)),
        ]))
        num_features = num_init_features
        for i, num_layers in enumerate(block_config):
            block = nn.Sequential()
            for j in range(num_layers):
                layer = _DenseLayer(num_features + j * growth_rate, growth_rate)
                block.add_module('denselayer%d' % (j + 1), layer)
            self.features.add_module('denseblock%d' % (i + 1), block)
            num_features = num_features + num_layers * growth_rate
            if i != len(block_config) - 1:
                trans = _Transition(num_features, num_features // 2)
                self.features.add_module('transition%d' % (i + 1), trans)
                num_features = num_features // 2
        self.classifier = nn.Linear(num_features, num_classes)

    def forward(self, x):
        features = self.features(x)
        out = torch.relu(features)
        out = out.mean(dim=(2, 3))
        return self.classifier(out)
""",
        (2, 1, 8, 8),
    ),
    "inception block": (
        """
import torch
import torch.nn as nn

class ConvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
        self.bn = nn.BatchNorm2d(out_channels, eps=0.001)
        self.act = nn.LeakyReLU(0.1)

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))

class Inception(nn.Module):
    def __init__(self, c_in, c1, c3, c5):
        super().__init__()
        self.branch1 = ConvBlock(c_in, c1, kernel_size=1)
        self.branch2 = nn.Sequential(
            ConvBlock(c_in, c3[0], kernel_size=1),
            ConvBlock(c3[0], c3[1], kernel_size=(3, 3), padding=1),
        )
        self.branch3 = nn.Sequential(
            ConvBlock(c_in, c5[0], kernel_size=1),
            ConvBlock(c5[0], c5[1], kernel_size=5, padding=2),
        )
        self.pool = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)

    def forward(self, x):
        branches = [b(x) for b in (self.branch1, self.branch2, self.branch3)] + [self.pool(x)]
        return torch.cat(branches, 1)

class GoogLe(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.blocks = nn.Sequential(
            Inception(2, 1, [2, 3], (1, 2)), Inception(8, 2, (2, 2), (1, 1)))
        self.head = nn.Conv2d(13, classes, 1)

    def forward(self, x):
        return self.head(self.blocks(x)).mean([2, 3])
""",
        (1, 2, 6, 6),
    ),
    "segmentation by unpooling": (
        """
import torch.nn as nn

class SegNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.ModuleDict({
            "conv": nn.Conv2d(1, 3, 3, padding="same"),
            "pool": nn.MaxPool2d(2, stride=2, return_indices=True),
        })
        self.unpool = nn.MaxUnpool2d(2, stride=2)
        self.up = nn.ConvTranspose2d(3, 1, 3, padding=1)

    def forward(self, x):
        x = self.down["conv"](x)
        size = x.size()
        x, where = self.down["pool"](x)
        x = self.unpool(x, where, output_size=size)
        return self.up(x).tanh()
""",
        (1, 1, 5, 6),
    ),
    "power averages": (
        """
import torch.nn.functional as F
from torch import nn

class PowerPools(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 2, 3)
        self.conv2 = nn.Conv2d(2, 2, 1)

    def forward(self, x):
        x = F.lp_pool2d(self.conv1(x), 2, 2)
        x = self.conv2(x)
        return F.lp_pool2d(x, norm_type=4.0, kernel_size=(2, 1), stride=2, ceil_mode=True)
""",
        (2, 1, 8, 8),
    ),
}
