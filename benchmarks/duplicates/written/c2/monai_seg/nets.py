import torch
from monai.losses import DiceCELoss
from monai.networks.nets import DynUNet, UNet


def build(name, classes):
    if name == "unet":
        return UNet(3, 1, classes, channels=(16, 32, 64, 128, 256), strides=(2, 2, 2, 2), num_res_units=2)
    if name == "dynunet":
        kernels = [[3, 3, 3]] * 5
        strides = [[1, 1, 1]] + [[2, 2, 2]] * 4
        return DynUNet(3, 1, classes, kernels, strides, strides[1:])
    raise ValueError(f"unknown network {name!r}")


def loss_for(classes):
    return DiceCELoss(to_onehot_y=True, softmax=classes > 1)


def count_parameters(net):
    return sum(p.numel() for p in net.parameters() if p.requires_grad)


def load_weights(net, path, device="cpu"):
    state = torch.load(path, map_location=device)
    net.load_state_dict(state["model"] if "model" in state else state)
    return net.eval()
