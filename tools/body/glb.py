"""The surface as glTF binary for a 3D painter: quantised, vertex order untouched, so vertex ids stay ids."""

import json
import struct
from pathlib import Path

import numpy as np
from tools.body.mesh import Mesh, normals

SHORT, BYTE, USHORT = 5122, 5120, 5123
ARRAY, ELEMENTS = 34962, 34963


def _padded(data: bytes, fill: bytes = b"\0") -> bytes:
    return data + fill * (-len(data) % 4)


def write_glb(path: Path, mesh: Mesh) -> None:
    """int16 positions (about 0.013 mm error), int8 normals, uint16 indices in one buffer."""
    points = mesh.points
    centre = (points.max(axis=0) + points.min(axis=0)) / 2
    scale = float(np.ptp(points, axis=0).max() / 2)
    position = np.zeros((len(points), 4), "<i2")
    position[:, :3] = np.round((points - centre) / scale * 32767)
    normal = np.zeros((len(points), 4), "i1")
    normal[:, :3] = np.round(normals(points, mesh.triangles) * 127)
    blocks = [_padded(position.tobytes()), _padded(normal.tobytes()), _padded(mesh.triangles.astype("<u2").tobytes())]
    starts = np.cumsum([0, *map(len, blocks)]).tolist()
    bounds = position[:, :3] / 32767
    document = {
        "asset": {"version": "2.0", "copyright": "Derived from the MakeHuman hm08 base mesh, CC0 1.0"},
        "extensionsUsed": ["KHR_mesh_quantization"],
        "extensionsRequired": ["KHR_mesh_quantization"],
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "scale": [scale] * 3, "translation": centre.tolist()}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2}]}],
        "buffers": [{"byteLength": starts[-1]}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": starts[0], "byteLength": len(blocks[0]), "byteStride": 8, "target": ARRAY},
            {"buffer": 0, "byteOffset": starts[1], "byteLength": len(blocks[1]), "byteStride": 4, "target": ARRAY},
            {"buffer": 0, "byteOffset": starts[2], "byteLength": len(blocks[2]), "target": ELEMENTS},
        ],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": SHORT,
                "normalized": True,
                "count": len(points),
                "type": "VEC3",
                "min": bounds.min(axis=0).tolist(),
                "max": bounds.max(axis=0).tolist(),
            },
            {"bufferView": 1, "componentType": BYTE, "normalized": True, "count": len(points), "type": "VEC3"},
            {"bufferView": 2, "componentType": USHORT, "count": mesh.triangles.size, "type": "SCALAR"},
        ],
    }
    text = _padded(json.dumps(document, separators=(",", ":")).encode(), b" ")
    body = b"".join(blocks)
    size = 12 + 8 + len(text) + 8 + len(body)
    header = struct.pack("<4sII", b"glTF", 2, size)
    json_head, body_head = struct.pack("<I4s", len(text), b"JSON"), struct.pack("<I4s", len(body), b"BIN\0")
    path.write_bytes(header + json_head + text + body_head + body)
