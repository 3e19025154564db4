using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace EdgeHub.CloudBridge.Api;

/// <summary>The OpenAPI document, from what the endpoints say of themselves.</summary>
static class Description
{
    const string Scheme = "key";

    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "EdgeHub query API",
                Version = "1",
                Description = "What the city's boxes have measured, how they are, and what is not there. A page ends with `next`, the cursor of the next one. Within v1 fields are only added: ignore what you do not know. Errors are RFC 9457 problem details and name the parameter and the fix.",
            };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key that the bridge's operator gave you; none is needed where the bridge has no keys." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            // The address is the one under which it was asked for.
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TakenParameters>().FirstOrDefault() is { } taken)
                operation.Parameters = [.. taken.Parameters.Select(Of)];
            return Task.CompletedTask;
        });
    });

    static IOpenApiParameter Of(Parameter parameter) => new OpenApiParameter
    {
        Name = parameter.Name,
        In = parameter.InPath ? ParameterLocation.Path : ParameterLocation.Query,
        Required = parameter.InPath,
        Description = parameter.Description,
        Example = parameter.Example.Length == 0 ? null : parameter.Example,
        Schema = new OpenApiSchema { Type = parameter.Type == "integer" ? JsonSchemaType.Integer : JsonSchemaType.String },
    };
}
