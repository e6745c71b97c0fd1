from aerocv.data.tiles import TileDataset, collate

__all__ = ["TileDataset", "collate"]
