# Three targets: edge, cloud-bridge, device-sims.
#   docker build --target edge .
# The base images are arguments, so that locally made ones serve as well:
#   docker build --target edge --build-arg SDK_IMAGE=localhost/dotnet-sdk:10 --build-arg RUNTIME_IMAGE=localhost/aspnet:10 .
# Not yet built by an engine: no test here runs one. A test reads its targets, bases, projects and entry points.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /src
COPY . .
ARG PROJECTS="edge/EdgeHub.Edge cloud-bridge device-sims"
RUN for project in $PROJECTS; do dotnet publish "$project" -c Release -v q --nologo -p:DebugType=none -o "/out/$(basename "$project")" || exit 1; done

FROM ${RUNTIME_IMAGE} AS base
# A number, not a name: the base image may have no useradd, and a mounted volume is owned by numbers.
USER 10017:10017
ENV DOTNET_EnableDiagnostics=0

# The sensor ports come in with --device /dev/ttyUSB0 --group-add dialout; /data is a volume on the box's own disk.
FROM base AS edge
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
