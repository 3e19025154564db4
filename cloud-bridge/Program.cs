using EdgeHub.CloudBridge;

return await BridgeCommands.RunAsync(args);
