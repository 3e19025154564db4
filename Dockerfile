# Three targets: edge, cloud-bridge, device-sims.
#   docker build --target edge -t edgehub .
#   docker run -d --name edgehub --device /dev/ttyUSB0 --group-add dialout -v /etc/edgehub:/etc/edgehub:ro -v edgehub:/data edgehub
#   docker exec edgehub edgehub status
# The base images are arguments, so that locally made ones serve as well; tests/containers.sh makes some, builds the three and runs them:
#   docker build --target edge --build-arg SDK_IMAGE=localhost/dotnet-sdk:10 --build-arg RUNTIME_IMAGE=localhost/aspnet:10 .
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble

FROM ${SDK_IMAGE} AS build
WORKDIR /src
COPY . .
ARG PROJECTS="edge/EdgeHub.Edge cloud-bridge device-sims"
RUN for project in $PROJECTS; do dotnet publish "$project" -c Release -v q --nologo -p:DebugType=none -p:RunAnalyzers=false -o "/out/$(basename "$project")" || exit 1; done

FROM ${RUNTIME_IMAGE} AS base
# A new volume takes its owner from the folder that it is mounted over.
RUN mkdir /data && chown 10017:10017 /data
# A number, not a name: the base image may have no useradd, and a mounted volume is owned by numbers.
USER 10017:10017
# The pages (EXPOSE) listen on loopback unless http.listen and http.allowRemote say otherwise.
ENV DOTNET_EnableDiagnostics=0 PATH=/app:$PATH

# The sensor ports come in with --device /dev/ttyUSB0 --group-add dialout; /data is a volume on the box's own disk.
FROM base AS edge
# GPIO needs libgpiod, which the base images do not have.
USER 0
RUN apt-get update -q && apt-get install -q -y --no-install-recommends libgpiod2 && rm -rf /var/lib/apt/lists/*
USER 10017:10017
COPY --from=build /out/EdgeHub.Edge /app
ENV EDGEHUB__DATA_DIRECTORY=/data
VOLUME /data
EXPOSE 9464
ENTRYPOINT ["dotnet", "/app/edgehub.dll"]
CMD ["run"]

FROM base AS cloud-bridge
COPY --from=build /out/cloud-bridge /app
ENV EDGEHUB_BRIDGE__DATA_DIRECTORY=/data
VOLUME /data
EXPOSE 9465
ENTRYPOINT ["dotnet", "/app/edgehub-bridge.dll"]
CMD ["run"]

FROM base AS device-sims
COPY --from=build /out/device-sims /app
ENTRYPOINT ["dotnet", "/app/edgehub-sims.dll"]
