"""Starts moto as S3, and mends where it differs from S3.

The roots of two answers have other names, and completing an upload that was aborted is a fault of the server.
"""

import re
import sys

from moto.s3.exceptions import NoSuchUpload
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response
from moto.server import main

ROOT = re.compile(r"(</?)(ListParts|CompleteMultipartUpload)Response\b")


def serialized(self, result, original=S3Response.serialized):
    status, headers, body = original(self, result)
    text = body.decode() if isinstance(body, bytes) else body
    return status, headers, ROOT.sub(r"\1\2Result", text)


def complete(self, bucket_name, multipart_id, body, original=S3Backend.complete_multipart_upload):
    if multipart_id not in self.get_bucket(bucket_name).multiparts:
        raise NoSuchUpload(upload_id=multipart_id)
    return original(self, bucket_name, multipart_id, body)


S3Response.serialized = serialized
S3Backend.complete_multipart_upload = complete
main(sys.argv[1:])
