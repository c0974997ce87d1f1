"""The files that `presswatch init` writes, their JSON Schemas and the catalogues of sources."""
