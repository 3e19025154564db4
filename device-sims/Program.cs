using EdgeHub.DeviceSims.Verbs;

// Not Console.In: that one waits for a whole line on the calling thread.
using var input = new StreamReader(Console.OpenStandardInput());
return await SimsCommand.InvokeAsync(args, input, Console.Out, Console.Error, TimeProvider.System);
