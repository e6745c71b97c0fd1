# %% [markdown]
# # A first look at the data

# %%
import matplotlib.pyplot as plt
import numpy as np

from data import SITES, load_site

# %%
frames = {s: load_site(s) for s in SITES}
for s, d in frames.items():
    print(s, d.shape, d.index.min(), d.index.max())
    print(d.describe().round(2))

# %%
fig, axes = plt.subplots(len(frames), 1, figsize=(8, 5), sharex=True)
for ax, (s, d) in zip(axes, frames.items()):
    d.groupby(d.index.hour)["power"].mean().plot(ax=ax, title=s)
plt.tight_layout()

# %%
# autocorrelation, to choose the lags
for s, d in frames.items():
    ac = [d["power"].autocorr(l) for l in range(1, 49)]
    print(s, "best lags", np.argsort(ac)[::-1][:5] + 1)
