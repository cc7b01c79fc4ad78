"""Proof: canonical content, card signatures, certificates, the gate, the electronic payment document."""
